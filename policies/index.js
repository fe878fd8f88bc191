import { enableCompileCache, flushCompileCache } from "node:module";

// Every preview starts this process anew and ends it without notice: compiled modules are kept for the next one.
enableCompileCache();
void import("./pack.ts").then(() => flushCompileCache());
