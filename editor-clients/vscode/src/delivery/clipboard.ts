/** An answer for the clipboard. */

import * as vscode from 'vscode'
import type { Shower } from './show.ts'

const SAID_MS = 5000

export const copy: Shower<'clipboard'> = async ({ agent, text }) => {
  await vscode.env.clipboard.writeText(text)
  vscode.window.setStatusBarMessage(`$(clippy) The answer of ${agent} is in the clipboard`, SAID_MS)
  return { shown: true }
}
