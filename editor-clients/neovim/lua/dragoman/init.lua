---Dragoman: talk to any HTTP agent from Neovim. Everything works without `setup`; see |dragoman.txt|.

local M = {}

---Changes the defaults. Calling it is not needed.
---@param options? { cmd?: string[], panel?: table, keymaps?: table }
function M.setup(options)
  options = vim.deepcopy(options or {})
  if options.cmd then
    vim.lsp.config('dragoman', { cmd = options.cmd })
    options.cmd = nil
  end
  require('dragoman.config').set(options)
end

---Opens the panel and puts the cursor into the prompt.
---@param agent? string
function M.chat(agent)
  require('dragoman.chat').open(agent)
end

---Closes the panel if it is open in this tab page, else opens it.
function M.toggle()
  require('dragoman.chat').toggle()
end

---Sends a prompt in the conversation that the panel shows.
---@param prompt string
---@param options? { agent?: string, selections?: dragoman.Selection[] }
function M.send(prompt, options)
  require('dragoman.chat').send(prompt, options)
end

---Stops the answer that the panel shows.
---@return boolean stopped Whether there was one.
function M.stop()
  return require('dragoman.chat').stop()
end

---Begins a new conversation; the old one stays to be looked at.
---@param agent? string
function M.new(agent)
  require('dragoman.chat').new(agent)
end

---For a statusline: the agent and what it does, or "".
---@return string
function M.status()
  return require('dragoman.chat').status()
end

return M
