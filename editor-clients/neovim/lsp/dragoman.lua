---The config behind `vim.lsp.enable('dragoman')`. Change parts of it with `vim.lsp.config('dragoman', {…})`.

local client = require('dragoman.client')
local handlers = require('dragoman.handlers')
local surfaces = require('dragoman.surfaces')

---@type vim.lsp.Config
return {
  cmd = { 'dragoman', 'serve' },

  -- No `filetypes`: a selection of any file can be sent, and the server must know its text. It lints agent files
  -- only. Special buffers are left alone by not calling `on_dir`.
  root_dir = function(buf, on_dir)
    if client.is_file(buf) then
      on_dir(client.root(buf))
    end
  end,

  -- Neovim adds its own capabilities to these. What is switched on when a server attaches must be known by then.
  capabilities = {
    textDocument = {
      definition = { dynamicRegistration = false },
      formatting = { dynamicRegistration = false },
      rangeFormatting = { dynamicRegistration = false },
      inlayHint = { dynamicRegistration = false },
    },
    experimental = {
      dragoman = { version = '1', turnEvents = true, ask = true, surfaces = surfaces.names() },
    },
  },

  handlers = {
    ['$/progress'] = handlers.progress,
    ['dragoman/turn'] = handlers.turn,
    ['dragoman/agentsChanged'] = handlers.agents_changed,
    ['dragoman/ask'] = handlers.ask,
    ['dragoman/show'] = handlers.show,
    ['client/registerCapability'] = handlers.register_capability,
    ['workspace/applyEdit'] = handlers.apply_edit,
    ['window/showDocument'] = handlers.show_document,
  },

  commands = {
    ['dragoman.sendSelection'] = handlers.send_selection,
  },

  on_exit = handlers.exited,
}
