/** One page of the chat: its HTML, and messages to and from it. What it shows is kept in `chat.ts`; see `places.ts` for where. */

import * as vscode from 'vscode'
import type { FromView, ToView } from './messages.ts'

/** What holds a page: a view of the side bar or of the bottom panel, or a tab. */
export type Holder = vscode.WebviewView | vscode.WebviewPanel

/** Brings about that the page is held, in front. */
export type Open = (view: ChatView, takesFocus: boolean) => Promise<void>

export class ChatView {
  readonly extension: vscode.Uri
  private readonly openHolder: Open
  private readonly receive: (message: FromView) => void
  private holder: Holder | undefined
  private onReady: ToView[] = []
  private isReady = false
  private title = ''

  constructor(extension: vscode.Uri, open: Open, receive: (message: FromView) => void) {
    this.extension = extension
    this.openHolder = open
    this.receive = receive
  }

  /** Whether the user can see it. */
  get isVisible(): boolean {
    return this.isReady && this.holder?.visible === true
  }

  /** Fills a new holder with the page. */
  hold(holder: Holder): void {
    const dist = vscode.Uri.joinPath(this.extension, 'dist')
    this.holder = holder
    this.isReady = false
    holder.webview.options = { enableScripts: true, localResourceRoots: [dist] }
    holder.webview.onDidReceiveMessage((message: FromView) => this.receive(message))
    holder.onDidDispose(() => {
      if (this.holder !== holder) return
      this.holder = undefined
      this.isReady = false
    })
    holder.webview.html = page(holder.webview, dist)
    this.describe(this.title)
  }

  /** Tells the page, if there is one: one that comes later asks for everything. */
  post(message: ToView): void {
    if (this.isReady) void this.holder?.webview.postMessage(message)
  }

  /** Brings the page to the front and then tells it something. Only a message of kind `focus` takes the focus. */
  async reveal(message?: ToView): Promise<void> {
    const takesFocus = message?.type === 'focus'
    const isThere = this.isVisible
    if (message && !isThere) this.onReady.push(message)
    if (!this.holder || !isThere) await this.openHolder(this, takesFocus)
    else if ('show' in this.holder) this.holder.show(!takesFocus)
    else this.holder.reveal(undefined, !takesFocus)
    if (message && isThere) this.post(message)
    else if (this.isVisible) this.flush() // it was loaded already, and only not to be seen
  }

  /** The page has loaded, for the first time or again. */
  ready(state: ToView): void {
    this.isReady = true
    this.post(state)
    this.flush()
  }

  describe(title: string): void {
    this.title = title
    if (!this.holder) return
    if (!('description' in this.holder)) this.holder.title = title || 'Dragoman'
    else if (title) this.holder.description = title
    else delete this.holder.description
  }

  private flush(): void {
    for (const message of this.onReady.splice(0)) this.post(message)
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
