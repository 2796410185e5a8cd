export {
  type Offerer,
  type Offers,
  type Route,
  type ServiceEndpoints,
  candidates,
  endpoints,
  forget,
  keys,
  learn,
} from "./table.ts";
