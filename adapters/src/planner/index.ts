export { type Planner, type PlannerOptions, startPlanner } from "./planner.ts";
