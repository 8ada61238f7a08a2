/** A copy of all that the account holds. */

import * as v from "valibot";
import type { Export, ExportState } from "../wire";
import type { Schema } from "../wire/schemas";
import { type Client, read } from "./ask";

const oneExport: Schema<Export> = v.object({
  id: v.string(),
  state: v.custom<ExportState>((it) => typeof it === "string"),
  createdAt: v.string(),
  progress: v.number(),
  size: v.nullish(v.number(), null),
  until: v.nullish(v.string(), null),
});
const asked = v.object({ export: oneExport });
const latest = v.object({ export: v.nullish(oneExport, null) });

export function exports(client: Client) {
  return {
    ask: async () => (await read(client.POST("/api/v1/users/me/export"), asked)).export,
    latest: async () => (await read(client.GET("/api/v1/users/me/export"), latest)).export ?? null,
  };
}

/** Where the browser fetches it, by its cookies. */
export function contentOf({ id }: Export): string {
  return `/api/v1/users/me/export/${id}/content`;
}
