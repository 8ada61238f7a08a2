import type { Page } from "@playwright/test";

/** What a tab has written of one table, as text: what shows on its screen is there a moment later. */
export async function onDisk(page: Page, table: "outbox" | "drafts" | "messages" | "meta"): Promise<string> {
  return page.evaluate(async (table) => {
    const names = (await indexedDB.databases()).map(({ name }) => name ?? "");
    const name = names.find((it) => it.startsWith("nc-")) ?? "";
    const answer = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await answer(indexedDB.open(name));
    const rows = await answer(database.transaction(table).objectStore(table).getAll());
    database.close();
    return JSON.stringify(rows);
  }, table);
}
