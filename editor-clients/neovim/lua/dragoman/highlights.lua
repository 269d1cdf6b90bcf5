---The colours: links that a colour scheme, or the user, may set otherwise.

local links = {
  DragomanAgent = 'Title',
  DragomanHint = 'Comment',
  DragomanThinking = 'Comment',
  DragomanFollowUp = 'Special',
  DragomanNotice = 'DiagnosticInfo',
  DragomanWarning = 'DiagnosticWarn',
  DragomanError = 'DiagnosticError',
}

for name, link in pairs(links) do
  vim.api.nvim_set_hl(0, name, { link = link, default = true })
end
