/** Does it once no other tab does. Where a browser denies locks, no tab has anything to share. */
export async function exclusively<T>(lock: string, work: () => Promise<T>): Promise<T> {
  // Where there are no locks, there are no cookies either, and nobody signs in.
  if (!isSecureContext) return work();
  let isIn = false;
  const begin = () => {
    isIn = true;
    return work();
  };
  try {
    return await navigator.locks.request(lock, begin);
  } catch (error) {
    if (isIn) throw error;
    return work();
  }
}
