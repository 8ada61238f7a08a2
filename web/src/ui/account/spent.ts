import type { Failure } from "../../sync/model";

/** Whether a link is no use any more: too old, used, or cut off. */
export function isSpent({ code, fields }: Failure): boolean {
  const isOfToken = code === "validation" && fields.token !== undefined;
  return (
    isOfToken || code === "gone" || code === "not_found" || code === "unauthenticated" || code === "malformed"
  );
}
