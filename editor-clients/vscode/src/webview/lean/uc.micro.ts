/** Takes the place of the package `uc.micro` in the page: the browser knows the kinds of characters itself. */

export const P = /\p{P}/u
export const S = /\p{S}/u
