import { PolicyPack } from "@pulumi/policy";
import { loadCatalog } from "../catalog/load.ts";
import { policies } from "./policies.ts";

// Starts the policy server: nothing else may import this file.
new PolicyPack("breakeven", { policies });

// The engine starts the program now; by its first resource the facts are loaded.
setImmediate(loadCatalog);
