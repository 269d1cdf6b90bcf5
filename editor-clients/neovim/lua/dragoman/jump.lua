---From a line of the transcript to what it is about.

local panel = require('dragoman.panel')
local prompt = require('dragoman.prompt')
local transcript = require('dragoman.transcript')

local M = {}

---@return dragoman.LineTarget
local function under_cursor()
  return transcript.target(vim.api.nvim_get_current_buf(), vim.api.nvim_win_get_cursor(0)[1] - 1) or {}
end

---Takes the follow-up under the cursor into the prompt; it is not sent. Does what an error offers.
function M.follow_up()
  local action = under_cursor().action
  if action then
    return require('dragoman.actions').run(action, panel.conversation_or_new())
  end
  local follow_up = under_cursor().prompt
  if follow_up then
    prompt.set(follow_up)
    panel.focus_prompt()
  end
end

---Shows the key of an agent file that the error under the cursor is about.
function M.location()
  local location = under_cursor().location
  if location then
    local conversation = panel.conversation_or_new()
    local client = vim.lsp.get_client_by_id(conversation.client_id or -1)
    vim.api.nvim_set_current_win(panel.work_window())
    vim.lsp.util.show_document(location, client and client.offset_encoding or 'utf-16', { focus = true })
  end
end

return M
