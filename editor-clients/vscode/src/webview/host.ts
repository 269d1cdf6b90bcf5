/** The way to the extension. */

import type { FromView } from '../chat/messages.ts'

/** What is kept by the editor while the view is hidden. */
export interface Kept {
  scrollTop?: number
}

const api = acquireVsCodeApi<Kept>()

export function send(message: FromView): void {
  api.postMessage(message)
}

export function keep(kept: Kept): void {
  api.setState(kept)
}

export function kept(): Kept {
  return api.getState() ?? {}
}
