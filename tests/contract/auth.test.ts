import { describe } from "node:test";
import { authContract } from "./auth-contract.ts";
import { startNodeAuth } from "./node-auth.ts";

describe("catalyst auth", { concurrency: 3 }, () => authContract(startNodeAuth));
