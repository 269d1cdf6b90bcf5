---Where the server may have an answer shown (`dragoman/show`): one surface a line.
---
---What is not in this table is not offered to the server, which then has ways of its own: a page is opened in the
---browser, since a buffer shows none.

local M = {}

---Calls back once: `{ shown = false }` where it was not done, `{ accepted = … }` once a diff is decided about.
---@alias dragoman.ShowAnswer fun(answer: { shown?: boolean, accepted?: boolean })

---@param file string
---@param name string
---@return fun(params: table, answer: dragoman.ShowAnswer, client: vim.lsp.Client)
local function of(file, name)
  return function(...)
    require('dragoman.surfaces.' .. file)[name](...)
  end
end

M.table = {
  chatPanel = of('panels', 'chat'),
  rightPanel = of('panels', 'right'),
  runPanel = of('panels', 'bottom'),
  input = of('input', 'show'),
  clipboard = of('clipboard', 'show'),
  diff = of('diff', 'show'),
}

---@return string[]
function M.names()
  local names = vim.tbl_keys(M.table)
  table.sort(names)
  return names
end

---@param params table ShowParams of the protocol.
---@param answer dragoman.ShowAnswer
---@param client vim.lsp.Client
function M.show(params, answer, client)
  local show = M.table[params.surface]
  if not show then
    return answer({ shown = false })
  end
  show(params, answer, client)
end

return M
