export { type Planner, type PlannerOptions, startPlanner } from "./planner.ts";
export { PlannerReserve } from "./reserve.ts";
