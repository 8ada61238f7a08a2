/** Browsers have none for addresses without a name, nor for pages that came unprotected. */
export function canHavePasskeys(): boolean {
  const hasName = !/^[\d.]+$|^\[/.test(location.hostname);
  return window.isSecureContext && hasName && "PublicKeyCredential" in window;
}
