// Undici's index loads its fetch, caches, mocks and proxies as well: 55 ms and 11 MB more in every gateway. These two
// files are what we use; they are no public paths, so the version is pinned, and what they must do is tested here.
declare module "undici/lib/dispatcher/pool.js" {
  export { Pool as default } from "undici";
}

declare module "undici/lib/api/api-request.js" {
  import type { Dispatcher } from "undici";

  /** What `Dispatcher.request` is once the index has put it there. */
  export default function request(
    this: Dispatcher,
    options: Dispatcher.RequestOptions,
  ): Promise<Dispatcher.ResponseData>;
}
