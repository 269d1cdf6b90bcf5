/** The page in the side bar: its HTML, and messages to and from it. What it shows is kept in `chat.ts`. */

import * as vscode from 'vscode'
import type { FromView, ToView } from './messages.ts'

export const VIEW_ID = 'dragoman.chat'

export class ChatView implements vscode.WebviewViewProvider {
  private readonly extension: vscode.Uri
  private readonly receive: (message: FromView) => void
  private view: vscode.WebviewView | undefined
  private onReady: ToView[] = []
  private isReady = false

  constructor(extension: vscode.Uri, receive: (message: FromView) => void) {
    this.extension = extension
    this.receive = receive
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const dist = vscode.Uri.joinPath(this.extension, 'dist')
    this.view = view
    this.isReady = false
    view.webview.options = { enableScripts: true, localResourceRoots: [dist] }
    view.webview.onDidReceiveMessage((message: FromView) => this.receive(message))
    view.onDidDispose(() => {
      this.view = undefined
      this.isReady = false
    })
    view.webview.html = page(view.webview, dist)
  }

  /** Tells the page, if there is one: one that comes later asks for everything. */
  post(message: ToView): void {
    if (this.isReady) void this.view?.webview.postMessage(message)
  }

  /** Brings the view to the front and then tells the page. */
  async reveal(message: ToView): Promise<void> {
    if (this.isReady && this.view?.visible) {
      this.view.show(message.type !== 'focus')
      this.post(message)
    } else {
      this.onReady.push(message)
      await vscode.commands.executeCommand(`${VIEW_ID}.focus`)
    }
  }

  /** The page has loaded, for the first time or again. */
  ready(state: ToView): void {
    this.isReady = true
    for (const message of [state, ...this.onReady.splice(0)]) this.post(message)
  }

  describe(title: string | undefined): void {
    if (!this.view) return
    if (title) this.view.description = title
    else delete this.view.description
  }
}

/** Only our own script and style run; nothing is loaded from elsewhere, images neither. */
function page(webview: vscode.Webview, dist: vscode.Uri): string {
  const nonce = crypto.randomUUID()
  const uri = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString()
  const policy = `default-src 'none'; style-src ${webview.cspSource}; font-src ${webview.cspSource}; script-src 'nonce-${nonce}'`
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width">
  <link rel="stylesheet" href="${uri('webview.css')}">
  <title>Dragoman</title>
</head>
<body>
  <main id="app"></main>
  <script nonce="${nonce}" src="${uri('webview.js')}"></script>
</body>
</html>`
}
