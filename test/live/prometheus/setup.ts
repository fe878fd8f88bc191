import { obtain } from "./tools.ts";

export const setup = obtain;
