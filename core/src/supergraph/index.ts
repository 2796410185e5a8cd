export { type Attempt, type ComposerError, type Subgraph, type Supergraph, rejection } from "./attempt.ts";
export { type SupergraphCode, supergraphProblem, supergraphProblems } from "./problems.ts";
export {
  type Outcome,
  type Search,
  type Verdict,
  beginSearch,
  learnAttempt,
  nextAttempt,
  outcomeOf,
} from "./search.ts";
