// Runs functions of the tests inside the extension host: they come over HTTP on loopback, and their results go back.
const fs = require('node:fs')
const http = require('node:http')
const vscode = require('vscode')

/** Gathers the body of a request. */
async function bodyOf(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

async function run(source, argument) {
  const extension = vscode.extensions.getExtension('dragoman.dragoman')
  const api = await extension.activate()
  const test = new Function(`return (${source})`)()
  return test({ vscode, ...api }, argument)
}

exports.activate = (context) => {
  const server = http.createServer(async (request, response) => {
    try {
      const { source, argument } = JSON.parse(await bodyOf(request))
      response.end(JSON.stringify({ value: (await run(source, argument)) ?? null }))
    } catch (error) {
      response.end(JSON.stringify({ error: error.stack ?? String(error) }))
    }
  })
  server.listen(0, '127.0.0.1', () =>
    fs.writeFileSync(process.env.DRAGOMAN_TEST_PORT_FILE, String(server.address().port)),
  )
  context.subscriptions.push({ dispose: () => server.close() })
}
