/** What the content security policy lets styles made in the page carry; the server writes it into the document. */
export const cspNonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? '';

// Where what locks the scrolling behind a dialog looks for it (the package get-nonce).
Object.assign(globalThis, { __webpack_nonce__: cspNonce });
