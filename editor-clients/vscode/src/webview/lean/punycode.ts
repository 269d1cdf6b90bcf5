/** Takes the place of the package `punycode.js` in the page: the browser knows how hosts are written for the network. */

/** `bücher.example` → `xn--bcher-kva.example`; fails for what is no host. */
function toASCII(host: string): string {
  return new URL(`http://${host}`).hostname
}

/** Stays as it is: letters of another script could make a host look like one that is trusted. */
function toUnicode(host: string): string {
  return host
}

export default { toASCII, toUnicode }
