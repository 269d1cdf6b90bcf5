---Diffs of a document and what an agent proposes for it: they grow with the answer, and are then decided about.
---
---What is accepted is put into the document by the server, as one edit, and only where nobody has changed it since.

local Proposal = require('dragoman.proposal')
local client_module = require('dragoman.client')

local M = {}

---@class dragoman.Diff
---@field proposal dragoman.Proposal
---@field client_id integer
---@field agent string
---@field answer? dragoman.ShowAnswer What the server waits for; nil while the text grows.
---@field is_rejected? boolean While it grew.

---@type table<string, dragoman.Diff> By turn.
local diffs = {}

---@param turn_id string
---@param accepted boolean
local function decide(turn_id, accepted)
  local diff = diffs[turn_id]
  if not diff then
    return
  end
  diff.proposal:close()
  if diff.answer then
    diffs[turn_id] = nil
    diff.answer({ shown = true, accepted = accepted })
  else
    diff.is_rejected = true
  end
end

---@param params table
---@param client vim.lsp.Client
---@return dragoman.Diff? # nil if the document is not there
local function open(params, client)
  local turn_id = params.turnId
  local diff = { client_id = client.id, agent = params.agent }
  diff.proposal = Proposal.open(params, client.offset_encoding, function()
    if diffs[turn_id] == diff then -- else it is decided about, and another may have taken its place
      decide(turn_id, false)
    end
  end)
  return diff.proposal and diff
end

---@param params table
---@param answer dragoman.ShowAnswer
---@param client vim.lsp.Client
function M.show(params, answer, client)
  local turn_id = params.turnId
  if diffs[turn_id] and diffs[turn_id].answer then
    decide(turn_id, false) -- another one of the same answer takes its place
  end
  if params.state == 'withdrawn' then
    M.withdraw(turn_id)
    return answer({ shown = true })
  end
  local diff = diffs[turn_id] or open(params, client)
  diffs[turn_id] = diff
  if not diff then
    return answer({ shown = false })
  elseif diff.is_rejected then
    diffs[turn_id] = params.state == 'growing' and diff or nil
    return answer({ shown = true, accepted = false })
  end
  diff.proposal:update(params, client.offset_encoding)
  if params.state == 'growing' then
    return answer({ shown = true })
  end
  diff.answer = answer
  diff.proposal:complete()
end

---Takes a diff away without an answer.
---@param turn_id string
function M.withdraw(turn_id)
  local diff = diffs[turn_id]
  diffs[turn_id] = nil
  if diff then
    diff.proposal:close()
  end
end

---The server is gone: nobody could put anything into a document any more.
---@param client_id integer
function M.server_gone(client_id)
  for turn_id, diff in pairs(diffs) do
    if diff.client_id == client_id then
      M.withdraw(turn_id)
    end
  end
end

---Accepts or rejects the diff of the current buffer, else the only one there is.
---@param accepted boolean
function M.decide_here(accepted)
  local open_ids = vim.tbl_filter(function(turn_id)
    return not diffs[turn_id].is_rejected
  end, vim.tbl_keys(diffs))
  local here = vim.tbl_filter(function(turn_id)
    return diffs[turn_id].proposal:is_about(vim.api.nvim_get_current_buf())
  end, open_ids)
  local turn_id = here[1] or #open_ids == 1 and open_ids[1]
  if not turn_id then
    return client_module.complain(open_ids[1] and 'Go to the diff that you mean.' or 'There is no diff.')
  elseif accepted and not diffs[turn_id].answer then
    return client_module.complain(('%s still answers.'):format(diffs[turn_id].agent))
  end
  decide(turn_id, accepted)
end

return M
