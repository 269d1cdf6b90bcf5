---What `require('dragoman').setup{}` can change.

local M = {}

---@class dragoman.PanelOptions
---@field position dragoman.Position Where the panel opens.
---@field width integer|number Columns, or a part of the screen where it is below 1. Not for `bottom`.
---@field height integer|number Lines, or a part of the screen where it is below 1. For `bottom`.
---@field prompt_height integer Lines of the prompt's window.

---@class dragoman.Keymaps Each is a key, or false for none. They exist in the panel only.
---@field send string|false Normal mode, in the prompt.
---@field send_insert string|false Insert mode, in the prompt.
---@field stop string|false Both modes, in the whole panel.
---@field agent string|false
---@field new string|false
---@field previous_prompt string|false Normal mode, in the prompt.
---@field follow string|false In the transcript: use the follow-up under the cursor.
---@field location string|false In the transcript: go to what an error is about.
---@field copy string|false In the transcript: the block of code under the cursor, as are the next three.
---@field insert string|false
---@field diff string|false
---@field new_file string|false
---@field accept string|false In a diff.
---@field reject string|false In a diff.
---@field close string|false
---@field help string|false

---@class dragoman.Options
---@field panel dragoman.PanelOptions
---@field keymaps dragoman.Keymaps
local defaults = {
  panel = { position = 'right', width = 0.4, height = 0.4, prompt_height = 5 },
  keymaps = {
    send = '<CR>',
    send_insert = '<C-s>',
    stop = '<C-c>',
    agent = 'ga',
    new = 'gn',
    previous_prompt = '<Up>',
    follow = '<CR>',
    location = 'gd',
    copy = 'gy',
    insert = 'gp',
    diff = 'gD',
    new_file = 'gN',
    accept = '<CR>',
    reject = 'q',
    close = 'q',
    help = 'g?',
  },
}

---@type dragoman.Options
M.options = vim.deepcopy(defaults)

---Takes the user's options; what is not given keeps its default.
---@param options? table
function M.set(options)
  M.options = vim.tbl_deep_extend('force', vim.deepcopy(defaults), options or {})
  local panel = M.options.panel
  vim.validate('panel.position', panel.position, function(position)
    return vim.list_contains({ 'right', 'left', 'bottom', 'float' }, position)
  end, "'right', 'left', 'bottom' or 'float'")
  vim.validate('panel.width', panel.width, 'number')
  vim.validate('panel.height', panel.height, 'number')
  vim.validate('panel.prompt_height', panel.prompt_height, 'number')
end

return M
