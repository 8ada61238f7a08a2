/** Where a chat is: known to pages and to the service worker. */
export function pathOf(chatId: string): string {
  return `/chat/${chatId}`;
}
