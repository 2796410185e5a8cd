export { type CompiledOperation, compileOperation } from "./compile.ts";
export { consumerSchema, emptySchema } from "./consumer-schema.ts";
export { type CostJudge, judgeCost } from "./cost-limit.ts";
export { type CostRules, costRulesOf, noCostRules } from "./cost-rules.ts";
export { type ExecuteRequest, executeOperation, writeOperation } from "./execute.ts";
export { isDeeper, isNestedDeeper } from "./json-nesting.ts";
export { keepDigits, mayHoldLong, parseJson } from "./long-number.ts";
export { maskErrors } from "./mask.ts";
export { checkOperationLimits, type LimitCode, limitCodes, type Objection } from "./operation-limits.ts";
export { parseDocument } from "./parse-document.ts";
export type { QueryPlan } from "./plan.ts";
export { type OperationSource, type PreparedOperation, prepareOperation } from "./prepare.ts";
export { executionProblems, type ExecutionProblemCode } from "./problems.ts";
export { type Protection, protectionOf } from "./protection.ts";
export {
  type ServiceAnswer,
  type ServiceFailureCode,
  serviceFailures,
  type ServicePort,
  type ServiceRequest,
} from "./service-port.ts";
export { subscribeOperation, type SubscribeRequest } from "./subscribe.ts";
export type { SubscriptionPort, SubscriptionRequest } from "./subscription-port.ts";
export { SupergraphFacts } from "./supergraph-facts.ts";
export { WrittenResult } from "./written-result.ts";
