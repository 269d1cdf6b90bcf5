/** HTML of an agent as a tab. Nothing in it runs, nothing is loaded, and no link of it leads anywhere. */

import * as vscode from 'vscode'
import type { Shower } from './show.ts'

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
const LOCKED = { enableScripts: false, enableForms: false, enableCommandUris: false, localResourceRoots: [] }

export const showPage: Shower<'webview'> = async ({ title, html }) => {
  const where = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true }
  const tab = vscode.window.createWebviewPanel('dragoman.page', title, where, LOCKED)
  tab.webview.html = framed(html, title)
  return { shown: true }
}

/** In a frame whose empty `sandbox` forbids scripts, forms and leading elsewhere; the policy around it holds within too. */
function framed(html: string, title: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${POLICY}">
  <title>${escaped(title)}</title>
  <style>
    html, body, iframe { margin: 0; padding: 0; border: 0; width: 100%; height: 100%; }
    iframe { display: block; background: white; }
  </style>
</head>
<body><iframe sandbox="" title="${escaped(title)}" srcdoc="${escaped(html)}"></iframe></body>
</html>`
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
