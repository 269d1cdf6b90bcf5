" Dragoman with ALE: as ~/.vim/after/plugin/dragoman.vim, so that ALE is loaded before.

let g:dragoman_filetypes = get(g:, 'dragoman_filetypes', ['json', 'jsonc', 'markdown'])

" Most of what the server says to its user is no error.
let g:ale_lsp_show_message_severity = 'information'

function! s:ProjectRoot(buffer) abort
  let l:git = ale#path#FindNearestDirectory(a:buffer, '.git')
  return empty(l:git) ? getcwd() : fnamemodify(l:git, ':h:h')
endfunction

for s:filetype in g:dragoman_filetypes
  let g:ale_linters[s:filetype] = map(ale#linter#Get(s:filetype), 'v:val.name') + ['dragoman']
  " ALE counts columns in bytes, and does the edits that a server asks for, but says neither: hence the two options.
  call ale#linter#Define(s:filetype, {
  \ 'name': 'dragoman',
  \ 'lsp': 'stdio',
  \ 'executable': 'dragoman',
  \ 'command': '%e serve --position-encoding utf-8',
  \ 'project_root': function('s:ProjectRoot'),
  \ 'initialization_options': {'delivery': 'final'},
  \})
endfor

" ALE tells a server of a change when it lints, but does not lint when the server has made the change.
function! s:Watch(buffer) abort
  if !getbufvar(a:buffer, 'dragoman_is_watched', 0)
    call setbufvar(a:buffer, 'dragoman_is_watched', 1)
    call listener_add({number -> ale#Queue(g:ale_lint_delay, '', number)}, a:buffer)
  endif
endfunction

augroup dragoman
  autocmd!
  execute 'autocmd FileType' join(g:dragoman_filetypes, ',') 'call s:Watch(str2nr(expand("<abuf>")))'
augroup END
