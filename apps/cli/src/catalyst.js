#!/usr/bin/env node
// JavaScript, so that the first file needs no TypeScript stripper: with the cache on, no later one does either.
import { keepCompiledCode } from "./compile-cache.js";

keepCompiledCode();
await import("./main.ts");
