/** Where a chat is: known to pages and to the service worker. */
export function pathOf(chatId: string): string {
  return `/chat/${chatId}`;
}

/** What the service worker asks a page, which answers with its path. */
export const WHERE = "where";
