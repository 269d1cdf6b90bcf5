;;; dragoman.el --- Chat with HTTP agents, check their files  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "28.2") (eglot "1.9"))
;; Keywords: languages, tools, convenience
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Dragoman is a language server that lints agent files and streams what HTTP
;; agents answer.  This file is its client for Emacs.  It rides on Eglot: agent
;; files get diagnostics, completion, hover and fixes as with any other server;
;; `dragoman-chat' and `dragoman-ask-region' talk to the agents from any buffer.
;;
;; The order below is that of a prompt's way: the agent files and their server,
;; the conversation in its buffer, what the server tells of a turn, what the user
;; does; then what else the server asks for, and the history.  The sections are
;; headings: `outline-minor-mode' and `outline-hide-body' list them.
;;
;; A name of the server's protocol (docs/protocol.md) means here what it means
;; there: a turn, a conversation, a surface, delivery.
;;
;; A question of the server is never asked inside of a process filter, so that
;; other answers stream on meanwhile.

;;; Code:

(require 'button)
(require 'cl-lib)
(require 'diff)
(require 'diff-mode)
(require 'eglot)
(require 'flymake)
(require 'project)
(require 'seq)
(require 'subr-x)
(require 'text-property-search)

(defgroup dragoman nil
  "Chat with HTTP agents."
  :group 'tools
  :prefix "dragoman-")

(defcustom dragoman-command '("dragoman" "serve")
  "The program that is the server, and its arguments."
  :type '(repeat string))

(defcustom dragoman-settings nil
  "Settings of the server, as a property list, such as (:trust \"userOnly\")."
  :type 'plist)

(defcustom dragoman-confirm-edits nil
  "Whether each edit of the server is shown as a diff first, for you to accept.
The server edits what you have asked for: a fix that you chose, or the answer
of an agent that writes into files.  It asks about what goes beyond that."
  :type 'boolean)

(defcustom dragoman-log-events nil
  "Whether Eglot's events buffer keeps the messages of this server.
It makes long answers slow, and prompts and answers are in it."
  :type 'boolean)

(defcustom dragoman-agent-mode-hook '(eglot-ensure)
  "What is done in each agent file."
  :type 'hook
  :options '(eglot-ensure))

(defcustom dragoman-code-modes
  '(("bash" . sh-mode) ("c" . c-mode) ("c++" . c++-mode) ("cpp" . c++-mode) ("clojure" . clojure-mode)
    ("css" . css-mode) ("diff" . diff-mode) ("elisp" . emacs-lisp-mode) ("emacs-lisp" . emacs-lisp-mode)
    ("go" . go-mode) ("haskell" . haskell-mode) ("html" . mhtml-mode) ("java" . java-mode) ("javascript" . js-mode)
    ("js" . js-mode) ("json" . js-mode) ("kotlin" . kotlin-mode) ("lua" . lua-mode) ("makefile" . makefile-mode)
    ("perl" . perl-mode) ("php" . php-mode) ("py" . python-mode) ("python" . python-mode) ("ruby" . ruby-mode)
    ("rust" . rust-mode) ("scheme" . scheme-mode) ("sh" . sh-mode) ("shell" . sh-mode) ("sql" . sql-mode)
    ("toml" . conf-toml-mode) ("ts" . typescript-mode) ("typescript" . typescript-mode) ("xml" . nxml-mode)
    ("yaml" . yaml-mode) ("yml" . yaml-mode))
  "Major modes that colour code in answers, by the language that the answer names.
No other mode is ever run, since agents choose the name."
  :type '(alist :key-type string :value-type function))

(defface dragoman-heading '((t :inherit bold :extend t :overline t))
  "Who speaks.")
(defface dragoman-hint '((t :inherit shadow))
  "What is said aside.")
(defface dragoman-thinking '((t :inherit (shadow italic)))
  "An agent's reasoning.")
(defface dragoman-button '((t :inherit link))
  "What can be pressed.")
(defface dragoman-code '((t :inherit fixed-pitch :extend t))
  "Code in an answer.")
(defface dragoman-title '((t :inherit bold))
  "Headings in an answer.")
(defface dragoman-notice '((t :inherit success))
  "What there is to know about an answer.")
(defface dragoman-warning '((t :inherit warning))
  "What is not well with an answer.")
(defface dragoman-error '((t :inherit error))
  "Why there is no answer.")


;;;; Agent files

(defvar dragoman-agent-mode-syntax-table
  (let ((table (make-syntax-table prog-mode-syntax-table)))
    (modify-syntax-entry ?/ ". 124b" table)
    (modify-syntax-entry ?* ". 23" table)
    (modify-syntax-entry ?\n "> b" table)
    (modify-syntax-entry ?_ "w" table)
    table)
  "JSON with comments.")

(defconst dragoman--agent-file-keywords
  '(("\\(\"\\(?:[^\"\\\n]\\|\\\\.\\)*\"\\)[[:space:]]*:" 1 font-lock-variable-name-face t)
    ("\\_<\\(?:true\\|false\\|null\\)\\_>" . font-lock-constant-face)
    ("\\${\\(?:env\\|keyring\\):[^}\"\n]*}" 0 font-lock-builtin-face prepend)
    ("[\"[:space:]]\\(\\$[a-zA-Z]+\\)\\_>" 1 font-lock-builtin-face prepend)))

;;;###autoload
(define-derived-mode dragoman-agent-mode prog-mode "Agent"
  "Major mode for the JSON files in which agents are described."
  (setq-local font-lock-defaults '(dragoman--agent-file-keywords))
  (setq-local comment-start "// ")
  (setq-local comment-start-skip "//+[[:space:]]*")
  (setq-local indent-line-function #'dragoman-indent-line)
  (setq-local indent-tabs-mode nil) ; which Eglot tells the server to format by
  (setq-local tab-width 2)
  (setq-local electric-indent-chars (append "{}[]" electric-indent-chars)))

(defun dragoman-indent-line ()
  "Indent this line of JSON by two columns for each bracket that is open."
  (interactive)
  (let* ((depth (save-excursion
                  (back-to-indentation)
                  (- (car (syntax-ppss)) (if (looking-at-p "[]}]") 1 0))))
         (column (* 2 (max 0 depth))))
    (if (<= (current-column) (current-indentation))
        (indent-line-to column)
      (save-excursion (indent-line-to column)))))

;;;###autoload
(add-to-list 'auto-mode-alist
             (cons (concat "\\(?:/agents\\|\\.agents?\\|/\\.agents/[^/]+\\|/AutoDevCustomAgentFile\\)\\.jsonc?\\'")
                   'dragoman-agent-mode))


;;;; The server of a project

(defvar dragoman-surfaces
  `(("chatPanel" . dragoman--show-chat)
    ("rightPanel" . ,(apply-partially 'dragoman--show-at 'right))
    ("runPanel" . ,(apply-partially 'dragoman--show-at 'bottom))
    ("input" . dragoman--show-input)
    ("clipboard" . dragoman--show-clipboard)
    ("diff" . dragoman--show-diff))
  "Where the server may have an answer shown, and the functions that do it.
Each gets the turn and the request's parameters, and says whether it was done;
or gives a function that is called with what takes the answer later.")

(defclass dragoman-server (eglot-lsp-server) ()
  :documentation "A Dragoman that runs for a project.")

(defun dragoman-contact (&rest _)
  "How to start the server, for `eglot-server-programs'.
Eglot has one server for a buffer.  To have agent files checked that are in
another mode, and no other server for JSON, use this function with that mode:

  (add-to-list \\='eglot-server-programs \\='(json-mode . dragoman-contact))"
  (cons 'dragoman-server dragoman-command))

(add-to-list 'eglot-server-programs
             '(((dragoman-agent-mode :language-id "agent-config")) . dragoman-contact))

(cl-defmethod eglot-client-capabilities ((_server dragoman-server))
  "What Eglot and this file can do."
  (let ((all (copy-sequence (cl-call-next-method))))
    (cl-flet ((add (group key value)
                (setq all (plist-put all group (plist-put (copy-sequence (plist-get all group)) key value)))))
      (add :window :showDocument '(:support t))
      ;; Positions are counted in this file too, and turns count in UTF-16 anyway.
      (add :general :positionEncodings ["utf-16"])
      (add :workspace :workspaceEdit '(:documentChanges t :resourceOperations ["create" "delete"]
                                       :changeAnnotationSupport (:groupsOnLabel :json-false))))
    (plist-put all :experimental
               `(:dragoman (:version "1" :turnEvents t :ask t :surfaces ,(vconcat (mapcar #'car dragoman-surfaces)))))))

(cl-defmethod eglot-initialization-options ((_server dragoman-server))
  "The settings of the server."
  (or dragoman-settings (make-hash-table :size 1)))

(cl-defmethod initialize-instance ((server dragoman-server) &optional arguments)
  "Connect to SERVER by ARGUMENTS, notice its end, keep no log of its messages."
  (let ((arguments (copy-sequence arguments))
        (end (plist-get arguments :on-shutdown)))
    (unless dragoman-log-events
      (pcase-dolist (`(,key . ,nothing) '((:events-buffer-scrollback-size . 0) (:events-buffer-config . (:size 0))))
        (when (plist-member arguments key)
          (setq arguments (plist-put arguments key nothing)))))
    (when end
      (setq arguments (plist-put arguments :on-shutdown (lambda (connection)
                                                          (dragoman--server-gone connection)
                                                          (funcall end connection)))))
    (cl-call-next-method server arguments)))

(defun dragoman--server ()
  "The server for the project of this buffer, started if there is none."
  (or (dragoman--running-server)
      (dragoman--start-server)
      (user-error "The server of Dragoman has not started; `eglot-stderr-buffer' may say why")))

(defun dragoman--running-server ()
  "The server for the project of this buffer, or nil."
  (seq-find (lambda (server) (and (cl-typep server 'dragoman-server) (jsonrpc-running-p server)))
            (gethash (eglot--current-project) eglot--servers-by-project)))

(defun dragoman--start-server ()
  "Start the server for the project of this buffer, agent file or not."
  (unless (executable-find (car dragoman-command))
    (user-error "There is no program `%s': install Dragoman (pipx install dragoman), or set `dragoman-command'"
                (car dragoman-command)))
  (let* ((directory default-directory)
         (eglot-sync-connect t)
         (current-prefix-arg nil)
         (contact (with-temp-buffer
                    (setq default-directory directory
                          major-mode 'dragoman-agent-mode
                          buffer-file-name (expand-file-name "agents.json"))
                    (prog1 (eglot--guess-contact)
                      (setq buffer-file-name nil)))))
    ;; In a buffer of its own, since Eglot would end the server of another language that this buffer has.
    (with-temp-buffer
      (setq default-directory directory)
      (apply #'eglot contact))
    (dragoman--running-server)))

(defun dragoman--call (server method params)
  "Wait for the answer of SERVER to METHOD with PARAMS.
Only for what it answers at once."
  (condition-case failure
      (jsonrpc-request server method params)
    (jsonrpc-error (user-error "%s" (or (alist-get 'jsonrpc-error-message (cddr failure)) (cadr failure))))))

(defun dragoman--request (server method params &optional then fail)
  "Ask SERVER for METHOD with PARAMS; call THEN with the result.
Call FAIL with what went wrong, which is only told without it."
  (jsonrpc-async-request
   server method params
   :timeout nil
   :success-fn (or then #'ignore)
   :error-fn (lambda (failure) (funcall (or fail #'dragoman--tell) (plist-get failure :message)))))

(defun dragoman--execute (server command argument &optional then)
  "Have SERVER do COMMAND with ARGUMENT, or a vector of arguments.
Call THEN with its result."
  (dragoman--request server :workspace/executeCommand
                     (list :command command :arguments (if (vectorp argument) argument (vector argument)))
                     then))

(defun dragoman--tell (words)
  "Say WORDS in the echo area."
  (message "Dragoman: %s" words))


;;;; Positions, lengths and texts of the protocol

(defun dragoman--path (uri)
  "The path of the file that URI names."
  (funcall (if (fboundp 'eglot-uri-to-path) 'eglot-uri-to-path 'eglot--uri-to-path) uri))

(defun dragoman--uri (path)
  "The URI of the file at PATH."
  (funcall (if (fboundp 'eglot-path-to-uri) 'eglot-path-to-uri 'eglot--path-to-uri) path))

(defun dragoman--utf16-length (text)
  "How long TEXT is in UTF-16 code units."
  (+ (length text) (cl-count-if (lambda (character) (> character #xffff)) text)))

(defun dragoman--position (point)
  "POINT as the protocol has it."
  (save-excursion
    (save-restriction
      (widen)
      (goto-char point)
      (list :line (1- (line-number-at-pos point t))
            :character (dragoman--utf16-length (buffer-substring-no-properties (line-beginning-position) point))))))

(defun dragoman--range (start end)
  "The text from START to END as the protocol has it."
  (list :start (dragoman--position start) :end (dragoman--position end)))

(defun dragoman--point (position)
  "POSITION of the protocol as a point."
  (save-excursion
    (dragoman--goto position)
    (point)))

(defun dragoman--goto (position)
  "Go to POSITION of the protocol."
  (widen)
  (goto-char (point-min))
  (forward-line (plist-get position :line))
  (let ((units (plist-get position :character)))
    (while (and (> units 0) (not (eolp)))
      (cl-decf units (if (> (char-after) #xffff) 2 1))
      (forward-char))))

(defun dragoman--one-line (text)
  "TEXT with its line breaks made spaces."
  (string-trim (replace-regexp-in-string "[[:space:]]*[\r\n]+[[:space:]]*" " " text)))
(defun dragoman--show-file (location is-focused)
  "Show LOCATION of the protocol in another window, selected if IS-FOCUSED."
  (let ((window (display-buffer (find-file-noselect (dragoman--path (plist-get location :uri)))
                                '(nil (inhibit-same-window . t))))
        (range (plist-get location :range)))
    (when range
      (with-selected-window window
        (dragoman--goto (plist-get range :start))))
    (when is-focused
      (select-window window))))

(defun dragoman--show-page (name title &rest texts)
  "Write TEXTS below TITLE into the buffer NAME; that buffer."
  (with-current-buffer (get-buffer-create name)
    (special-mode)
    (setq-local word-wrap t)
    (let ((inhibit-read-only t))
      (erase-buffer)
      (insert (propertize title 'face 'dragoman-title) "\n")
      (apply #'insert texts)
      (goto-char (point-min)))
    (current-buffer)))

(defun dragoman--header-line (text)
  "TEXT such that a header line is the same."
  (replace-regexp-in-string "%" "%%" text t t))

(defun dragoman--show-as-it-is ()
  "Let nothing in this buffer turn text around, however long its lines are."
  (setq-local bidi-inhibit-bpa t) ; a line may be a megabyte long
  (setq-local bidi-paragraph-direction 'left-to-right)
  (setq-local glyphless-char-display (copy-sequence glyphless-char-display))
  (dolist (range '((#x202a . #x202e) (#x2066 . #x2069) (#x200e . #x200f)))
    (set-char-table-range glyphless-char-display range 'hex-code)))


;;;; Documents: what the server knows of files, and edits of them

;; Eglot tells a buffer's changes to one server, which for most files is that of their language.  So this file tells
;; ours about those that a prompt or an answer has to do with, from then on.

(defvar-local dragoman--reader nil "The server that gets to know the changes of this buffer from here, or nil.")
(defvar-local dragoman--shared-uri nil "What that server calls this buffer.")
(defvar-local dragoman--version 0 "How often this buffer has changed.")
(defvar-local dragoman--changing nil "The change that is being made: its start, its end, its range.")
(defvar-local dragoman--edited nil "The last edit of the server: the tick after it, its start, its end.")

(defun dragoman--share (server buffer)
  "See to it that SERVER knows the text of BUFFER, if that is a file's."
  (with-current-buffer buffer
    (let ((uri (and buffer-file-name (dragoman--uri buffer-file-name))))
      (cond ((null uri))
            ((dragoman--managed-p server) (eglot--signal-textDocument/didChange))
            ((not (and (eq dragoman--reader server) (equal dragoman--shared-uri uri)))
             (dragoman--unshare)
             (setq dragoman--reader server
                   dragoman--shared-uri uri)
             (jsonrpc-notify server :textDocument/didOpen
                             (list :textDocument (list :uri uri :version dragoman--version :text (dragoman--whole-text)
                                                       :languageId (dragoman--language))))
             (add-hook 'before-change-functions #'dragoman--before-change nil t)
             (add-hook 'after-change-functions #'dragoman--after-change nil t)
             (add-hook 'kill-buffer-hook #'dragoman--unshare nil t)
             (add-hook 'change-major-mode-hook #'dragoman--unshare nil t))))))

(defun dragoman--unshare ()
  "Tell of this buffer no more."
  (when dragoman--reader
    (when (and (jsonrpc-running-p dragoman--reader) (not (dragoman--managed-p dragoman--reader)))
      (jsonrpc-notify dragoman--reader :textDocument/didClose (list :textDocument (list :uri dragoman--shared-uri))))
    (setq dragoman--reader nil)
    (remove-hook 'before-change-functions #'dragoman--before-change t)
    (remove-hook 'after-change-functions #'dragoman--after-change t)))

(defun dragoman--managed-p (server)
  "Whether SERVER gets to know this buffer by Eglot."
  (and (eglot-managed-p) (eq (eglot-current-server) server)))

(defun dragoman--before-change (start end)
  "Note the range from START to END, which cannot be told after its change."
  (setq dragoman--changing (list start end (dragoman--range start end))))

(defun dragoman--after-change (start end length)
  "Tell that LENGTH characters have become those from START to END.
Commands that announced another change than they made are told of by the whole
text."
  (cl-incf dragoman--version)
  (if (or (not (jsonrpc-running-p dragoman--reader)) (dragoman--managed-p dragoman--reader))
      (dragoman--unshare)
    (jsonrpc-notify
     dragoman--reader :textDocument/didChange
     (list :textDocument (list :uri dragoman--shared-uri :version dragoman--version)
           :contentChanges
           (vector (pcase dragoman--changing
                     ((and `(,from ,to ,range) (guard (and (= from start) (= (- to from) length))))
                      (list :range range :text (buffer-substring-no-properties start end)))
                     (_ (list :text (dragoman--whole-text)))))))
    (setq dragoman--changing nil)))

(defun dragoman--whole-text ()
  "All text of this buffer."
  (save-restriction
    (widen)
    (buffer-substring-no-properties (point-min) (point-max))))

(defun dragoman--check-version (server version)
  "Signal an error unless this buffer is as SERVER means it by VERSION.
Without one, it means the file on the disk."
  (cond (version
         (unless (equal version (cond ((dragoman--managed-p server) eglot--versioned-identifier)
                                      ((eq dragoman--reader server) dragoman--version)))
           (error "%s has been changed meanwhile" (buffer-name))))
        ((or (buffer-modified-p) (not (verify-visited-file-modtime)))
         (error "%s has changes that are not saved" (buffer-name)))))

(defun dragoman--edit (edits)
  "Make EDITS of the protocol in this buffer.
One that goes on where the last one has ended is undone together with it."
  (barf-if-buffer-read-only)
  (save-excursion
    (save-restriction
      (widen)
      (let* ((spans (dragoman--spans edits))
             (first (caar (last spans)))
             (last (cl-reduce #'max spans :key #'cadr :initial-value first))
             (size (buffer-size)))
        (dragoman--begin-undo-step first last)
        (pcase-dolist (`(,start ,end ,text) spans)
          (combine-change-calls start end ; told as one change, which the server looks for
            (goto-char start)
            (insert text)
            (delete-region (point) (+ (point) (- end start)))))
        (undo-boundary)
        (when (and (region-active-p) (< (region-beginning) last) (< first (region-end)))
          (deactivate-mark))
        (setq dragoman--edited (list (buffer-chars-modified-tick) first (+ last (- (buffer-size) size))))))))

(defun dragoman--spans (edits)
  "EDITS as a list of (START END TEXT), the last one first."
  (let ((spans (mapcar (lambda (edit)
                         (let ((range (plist-get edit :range)))
                           (list (dragoman--point (plist-get range :start)) (dragoman--point (plist-get range :end))
                                 (plist-get edit :newText))))
                       edits)))
    (sort (nreverse spans) (lambda (one other) (> (car one) (car other))))))

(defun dragoman--begin-undo-step (start end)
  "Let an edit from START to END be undone by itself, or with the one before it."
  (pcase dragoman--edited
    ((and `(,tick ,before ,after)
          (guard (and (= tick (buffer-chars-modified-tick)) (<= before end) (<= start after))))
     (while (and (consp buffer-undo-list) (null (car buffer-undo-list)))
       (pop buffer-undo-list)))
    (_ (undo-boundary))))


;;;; Agents

(defun dragoman--agents (server)
  "The agents that SERVER knows, those first that can be asked."
  (dragoman--usable-first (plist-get (dragoman--call server :dragoman/agents (make-hash-table :size 1)) :agents)))

(defun dragoman--usable-first (agents)
  "AGENTS as a list, those first that can be asked."
  (let ((agents (append agents nil)))
    (append (seq-remove #'dragoman--obstacle agents) (seq-filter #'dragoman--obstacle agents))))

(defun dragoman--obstacle (agent)
  "Why AGENT cannot be asked, or nil."
  (cond ((equal (plist-get agent :state) "error")
         (dragoman--one-line (or (car (append (plist-get agent :problems) nil)) "its description has errors")))
        ((eq (plist-get agent :enabled) :json-false) "it is switched off (\"enabled\": false)")))

(defun dragoman--agent-mark (agent)
  "A sign for the state of AGENT."
  (cond ((dragoman--obstacle agent) "✕")
        ((equal (plist-get agent :state) "ok") "●")
        (t "◐")))

(defun dragoman--agent-about (agent)
  "A line about AGENT: what it is, or why it cannot be asked."
  (if-let ((obstacle (dragoman--obstacle agent)))
      (concat "cannot be asked: " obstacle)
    (let ((description (plist-get agent :description)))
      (dragoman--one-line
       (concat (plist-get agent :provider) " · "
               (if (string-empty-p description) (plist-get agent :url) description)
               (and (eq (plist-get agent :trusted) :json-false) " · asks for your consent first"))))))

(defun dragoman--read-agent (agents)
  "Let the user choose one of AGENTS; its name."
  (unless agents
    (user-error "No agent was found here; describe one in agents.json, or run `dragoman example-agent'"))
  (let ((name (completing-read "Agent: " (dragoman--agent-table agents) nil t)))
    (when (string-empty-p name)
      (user-error "No agent was chosen"))
    (when-let ((obstacle (dragoman--obstacle (dragoman--agent-named name agents))))
      (user-error "%s cannot be asked: %s" name obstacle))
    name))

(defun dragoman--agent-named (name agents)
  "The one of AGENTS with NAME."
  (seq-find (lambda (agent) (equal (plist-get agent :name) name)) agents))

(defun dragoman--agent-table (agents)
  "The names of AGENTS to be completed, in their order, each with a line about it."
  (let* ((names (mapcar (lambda (agent) (plist-get agent :name)) agents))
         (row (lambda (name)
                (let ((agent (dragoman--agent-named name agents)))
                  (list name
                        (concat (dragoman--agent-mark agent) " ")
                        (propertize (concat "  " (dragoman--agent-about agent)) 'face 'dragoman-hint)))))
         (metadata `(metadata (category . dragoman-agent)
                              (display-sort-function . identity)
                              (affixation-function . ,(lambda (shown) (mapcar row shown))))))
    (lambda (text predicate action)
      (if (eq action 'metadata)
          metadata
        (complete-with-action action names text predicate)))))


;;;; A conversation is a buffer: the transcript, and below it the input

(defvar-local dragoman--conversation-id nil "The server's name of this conversation; nil before the first turn.")
(defvar-local dragoman--agent nil "The agent that is asked next.")
(defvar-local dragoman--turns nil "The turns that the transcript shows, newest first.")
(defvar-local dragoman--running nil "The turn that runs.")
(defvar-local dragoman--attached nil "What the next prompt takes along: a list of overlays.")
(defvar-local dragoman--after nil "The id of the turn of an earlier session that the next one goes on from.")
(defvar-local dragoman--editing nil "The turn whose place the next prompt takes.")
(defvar-local dragoman--end nil "Where the transcript ends.")
(defvar-local dragoman--input nil "Where the input begins.")
(defvar-local dragoman--recalled nil "Which prompt of `dragoman--prompts' the input shows, or nil.")
(defvar-local dragoman--draft "" "What was in the input before an earlier prompt was recalled.")

(defvar dragoman--prompts nil "What was sent, newest first.")
(defvar dragoman--running-turns (make-hash-table :test #'equal) "Turns that run, by their ids.")

(cl-defstruct (dragoman--turn (:copier nil))
  "A prompt and its answer.  QUESTION has a prompt, labels that name what goes
along, and perhaps the place that it is about, a pair of markers.  START, HEADING, THINKING, TEXT, LINE and END are
markers: where it begins, where its figures go, where reasoning grows, where
the text begins, the first line that is not coloured yet, where it grows."
  id agent server buffer question
  start heading thinking text line end
  (length 0) (next-seq 0) lost (held "") fence
  (phase "connecting") detail (phase-since (float-time))
  thinking-start thinking-since fold
  sources follow-ups notices usage)

(defvar dragoman-transcript-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "TAB") #'forward-button)
    (define-key map (kbd "<backtab>") #'backward-button)
    (define-key map "w" #'dragoman-copy-block)
    (define-key map "i" #'dragoman-insert-block)
    (define-key map "d" #'dragoman-diff-block)
    (define-key map "f" #'dragoman-create-file)
    (define-key map "n" #'dragoman-next-turn)
    (define-key map "p" #'dragoman-previous-turn)
    (define-key map "q" #'quit-window)
    map)
  "Keys in the transcript, which cannot be typed into.")

(defvar dragoman--button-map (make-composed-keymap button-map dragoman-transcript-map))

(defvar dragoman-chat-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "RET") #'dragoman-send)
    (define-key map (kbd "C-j") #'newline)
    (define-key map (kbd "S-<return>") #'newline)
    (define-key map (kbd "M-p") #'dragoman-previous-prompt)
    (define-key map (kbd "M-n") #'dragoman-next-prompt)
    (define-key map (kbd "C-c C-c") #'dragoman-stop)
    (define-key map (kbd "C-c C-k") #'dragoman-stop)
    (define-key map (kbd "C-c C-a") #'dragoman-agents)
    (define-key map (kbd "C-c C-d") #'dragoman-detach)
    (define-key map (kbd "C-c C-e") #'dragoman-edit)
    (define-key map (kbd "C-c C-l") #'dragoman-conversations)
    (define-key map (kbd "C-c C-n") #'dragoman-new)
    (define-key map (kbd "C-c C-r") #'dragoman-retry)
    (define-key map (kbd "C-c C-v") #'dragoman-preview)
    map)
  "Keys of a chat buffer.")

(easy-menu-define dragoman-chat-menu dragoman-chat-mode-map
  "Menu of a chat buffer."
  '("Dragoman"
    ["Send" dragoman-send]
    ["Stop" dragoman-stop :active dragoman--running]
    ["Ask again" dragoman-retry :active dragoman--turns]
    ["Edit the prompt" dragoman-edit :active dragoman--turns]
    ["Look at the request" dragoman-preview]
    "--"
    ["Choose the agent" dragoman-agents]
    ["Send nothing along" dragoman-detach :active dragoman--attached]
    ["New conversation" dragoman-new]
    ["Conversations" dragoman-conversations]
    ["Log" dragoman-log]))

(define-derived-mode dragoman-chat-mode nil "Dragoman"
  "A conversation with agents.

The prompt is written at the end: \\[dragoman-send] sends it, \\[newline]
begins a new line.  Everything above is read-only, and has keys of its own:
\\{dragoman-transcript-map}
\\{dragoman-chat-mode-map}"
  (setq-local word-wrap t)
  (setq-local truncate-lines nil)
  (setq-local scroll-conservatively 101)
  (dragoman--show-as-it-is)
  (setq-local filter-buffer-substring-function #'dragoman--without-buttons)
  (setq-local header-line-format '(:eval (dragoman--header)))
  (add-to-invisibility-spec '(dragoman . t))
  (add-hook 'kill-buffer-hook #'dragoman--buffer-killed nil t)
  (dragoman--empty-buffer))

(defun dragoman--without-buttons (start end delete)
  "The text from START to END without what is there to be pressed.
If DELETE, delete it."
  (let ((text (if delete (delete-and-extract-region start end) (buffer-substring start end))))
    (cl-loop for from = 0 then to
             for to = (next-single-property-change from 'dragoman-chrome text (length text))
             unless (get-text-property from 'dragoman-chrome text)
             concat (substring-no-properties text from to)
             until (= to (length text)))))

(defun dragoman--new-buffer (directory)
  "A new conversation for the project at DIRECTORY."
  (with-current-buffer (generate-new-buffer "*dragoman*")
    (setq default-directory directory)
    (dragoman-chat-mode)
    (current-buffer)))

(defun dragoman--buffers ()
  "All conversations of this project, the one used last first."
  (let ((root (dragoman--root)))
    (seq-filter (lambda (buffer)
                  (and (eq (buffer-local-value 'major-mode buffer) 'dragoman-chat-mode)
                       (equal (buffer-local-value 'default-directory buffer) root)))
                (buffer-list))))

(defun dragoman--root ()
  "The folder of this project."
  (file-name-as-directory (expand-file-name (project-root (eglot--current-project)))))

(defun dragoman--buffer ()
  "The conversation that is meant here, a new one if there is none."
  (cond ((derived-mode-p 'dragoman-chat-mode) (current-buffer))
        ((car (dragoman--buffers)))
        (t (dragoman--new-buffer (dragoman--root)))))

(defun dragoman--buffer-killed ()
  "Stop the answer that nobody will read."
  (when dragoman--running
    (let ((turn dragoman--running))
      (remhash (dragoman--turn-id turn) dragoman--running-turns)
      (ignore-errors (dragoman--stop turn))))
  (mapc #'delete-overlay dragoman--attached))


;;;; Writing into a transcript

(defmacro dragoman--writing (&rest body)
  "Do BODY, a change of this transcript that the user cannot undo."
  (declare (indent 0) (debug t))
  (let ((size (make-symbol "size")))
    `(let ((,size (buffer-size)))
       (prog1 (let ((inhibit-read-only t) (buffer-undo-list t))
                ,@body)
         (dragoman--shift-undo (- (buffer-size) ,size))))))

(defun dragoman--shift-undo (distance)
  "Move what can be undone by DISTANCE: it is all in the input, behind the change."
  (when (and (consp buffer-undo-list) (/= distance 0))
    (setq buffer-undo-list
          (mapcar (lambda (entry)
                    (pcase entry
                      ((pred integerp) (+ entry distance))
                      (`(,(and (pred integerp) start) . ,(and (pred integerp) end))
                       (cons (+ start distance) (+ end distance)))
                      (`(,(and (pred stringp) text) . ,(and (pred integerp) place))
                       (cons text (if (< place 0) (- place distance) (+ place distance))))
                      (`(nil ,property ,value ,start . ,end)
                       `(nil ,property ,value ,(+ start distance) . ,(+ end distance)))
                      (`(apply ,(and (pred integerp) change) ,start ,end . ,rest)
                       `(apply ,change ,(+ start distance) ,(+ end distance) . ,rest))
                      (_ entry)))
                  buffer-undo-list))))

(defun dragoman--insert (marker text &rest followers)
  "Insert TEXT at MARKER, which then stands behind it.
So do those of FOLLOWERS that stood at the same place.  Whoever reads there, or
writes a prompt, is not moved."
  (let* ((position (marker-position marker))
         (moving (cons marker (seq-filter (lambda (follower) (= follower position)) followers))))
    (dragoman--writing
      (save-excursion
        (goto-char position)
        (insert (dragoman--protected text))))
    (dolist (moved moving)
      (set-marker moved (+ position (length text))))))

(defun dragoman--protected (text)
  "TEXT such that nobody can type into it, but right behind it."
  (let ((text (copy-sequence text)) (start 0))
    (add-text-properties 0 (length text) '(read-only t front-sticky (read-only) rear-nonsticky t) text)
    (while (< start (length text)) ; buttons have a keymap of their own
      (let ((end (or (next-single-property-change start 'keymap text) (length text))))
        (unless (get-text-property start 'keymap text)
          (put-text-property start end 'keymap dragoman-transcript-map text))
        (setq start end)))
    text))

(defun dragoman--button (label action &rest properties)
  "A button with LABEL for ACTION, with more PROPERTIES of the text."
  (with-temp-buffer
    (apply #'insert-text-button label
           'action (lambda (_) (call-interactively action))
           'face 'dragoman-button 'follow-link t 'keymap dragoman--button-map
           'help-echo (format "RET: %s" label)
           properties)
    (buffer-string)))

(defun dragoman--append (text &rest face)
  "Add TEXT at the end of the transcript, in FACE if one is given."
  (dragoman--insert dragoman--end (if face (propertize text 'face (car face)) text)))

(defun dragoman--append-gap ()
  "See to it that an empty line ends the transcript, unless it is empty."
  (let ((before (buffer-substring-no-properties (max (point-min) (- dragoman--end 2)) dragoman--end)))
    (cond ((string-empty-p before))
          ((equal before "\n\n"))
          ((string-suffix-p "\n" before) (dragoman--append "\n"))
          (t (dragoman--append "\n\n")))))

(defun dragoman--append-line ()
  "See to it that the transcript ends with a line break."
  (unless (memq (char-before dragoman--end) '(nil ?\n))
    (dragoman--append "\n")))

(defun dragoman--delete (start end)
  "Delete the transcript from START to END."
  (dragoman--writing
    (remove-overlays start end 'invisible 'dragoman)
    (delete-region start end)))

(defun dragoman--empty-buffer ()
  "Make this buffer a conversation in which nothing was said."
  (dragoman--writing
    (erase-buffer)
    (insert (dragoman--protected
             (propertize "\n❯ " 'face 'dragoman-hint 'field 'dragoman 'dragoman-chrome t))))
  (setq dragoman--end (copy-marker (point-min))
        dragoman--input (copy-marker (point-max))
        buffer-undo-list nil)
  (goto-char (point-max)))


;;;; Markdown, coloured a line at a time as it comes

(defconst dragoman--fence "\\([ \t]*\\)\\(?:\\(```+\\)\\([^`\n]*\\)\\|\\(~~~+\\)\\(.*\\)\\)$")
(defconst dragoman--longest-line 4000 "Longer lines are not looked at.")
(defconst dragoman--longest-block 100000 "Longer blocks are not coloured by their mode.")

(defun dragoman--colour (turn is-over)
  "Colour the lines of TURN that are complete, all of them if it IS-OVER."
  (dragoman--writing
    (save-excursion
      (let ((line (dragoman--turn-line turn)) (end (dragoman--turn-end turn)))
        (while (progn (goto-char line)
                      (or (search-forward "\n" end t) (and is-over (< line end))))
          (dragoman--colour-line turn (marker-position line) (if (> (point) line) (1- (point)) (marker-position end)))
          (goto-char line) ; which has moved, where buttons were inserted in front of it
          (set-marker line (min end (line-beginning-position 2))))
        (when (and is-over (dragoman--turn-fence turn))
          (dragoman--finish-block turn (marker-position end) (marker-position end)))))))

(defun dragoman--colour-line (turn start end)
  "Colour the line of TURN from START to END."
  (goto-char start)
  (let* ((open (dragoman--turn-fence turn))
         (after (min (1+ end) (dragoman--turn-end turn)))
         (is-short (< (- end start) dragoman--longest-line))
         (is-fence (and is-short (looking-at dragoman--fence))))
    (cond ((and open is-fence (dragoman--closes-p open)) (dragoman--finish-block turn start after))
          (open (put-text-property start after 'face 'dragoman-code))
          (is-fence
           (setf (dragoman--turn-fence turn) (dragoman--fence-here start after))
           (put-text-property start end 'face 'dragoman-hint))
          (is-short (dragoman--colour-text start end)))))

(defun dragoman--fence-here (start after)
  "The fence that was just matched at START; its block begins at AFTER."
  (let ((marks (or (match-string 2) (match-string 4)))
        (indent (- (match-end 1) (match-beginning 1)))
        (words (save-match-data (split-string (or (match-string 3) (match-string 5)) "[ \t{}]+" t))))
    (list :marks marks :indent indent
          :language (downcase (string-remove-prefix "." (or (car words) "")))
          :fence (copy-marker start)
          :start (copy-marker after))))

(defun dragoman--closes-p (open)
  "Whether the fence that was just matched closes the block of the fence OPEN.
In a diff, lines of the file are indented by one."
  (and (string-prefix-p (plist-get open :marks) (or (match-string 2) (match-string 4)))
       (string-blank-p (or (match-string 3) (match-string 5)))
       (<= (- (match-end 1) (match-beginning 1))
           (+ (plist-get open :indent) (if (member (plist-get open :language) '("diff" "patch")) 0 3)))))

(defun dragoman--colour-text (start end)
  "Colour the line of prose from START to END."
  (when (looking-at "#\\{1,6\\} ")
    (add-face-text-property start end 'dragoman-title))
  (pcase-dolist (`(,regexp . ,face) '(("`[^`\n]+`" . dragoman-code) ("\\*\\*[^*\n]+\\*\\*" . bold)))
    (goto-char start)
    (while (re-search-forward regexp end t)
      (add-face-text-property (match-beginning 0) (match-end 0) face)))
  (goto-char start)
  (while (re-search-forward "https?://[^][ \t\n\"'`<>()]*[^][ \t\n\"'`<>().,;:!?*]" end t)
    (dragoman--make-link (match-beginning 0) (match-end 0))))

(defun dragoman--make-link (start end)
  "Make the address from START to END a link."
  (let ((address (buffer-substring-no-properties start end)))
    (make-text-button start end
                      'action (lambda (_) (browse-url address))
                      'face 'link 'follow-link t 'keymap dragoman--button-map 'help-echo address)))

(defun dragoman--finish-block (turn end fence-end)
  "The block of code that is open in TURN ends at END, its fence at FENCE-END."
  (let* ((block (append (dragoman--turn-fence turn) (list :end (copy-marker end))))
         (start (plist-get block :start)))
    (setf (dragoman--turn-fence turn) nil)
    (put-text-property end fence-end 'face 'dragoman-hint)
    (put-text-property (plist-get block :fence) fence-end 'dragoman-block block)
    (dragoman--colour-code start end (plist-get block :language))
    (when (< start end)
      (save-excursion
        (goto-char (1- start))
        (insert (dragoman--protected (propertize (dragoman--block-buttons) 'dragoman-block block)))))))

(defun dragoman--block-buttons ()
  "What can be done with a block of code."
  (mapconcat (pcase-lambda (`(,label . ,command))
               (concat (propertize "  " 'dragoman-chrome t)
                       (dragoman--button label command 'dragoman-chrome t)))
             '(("Copy" . dragoman-copy-block) ("Insert" . dragoman-insert-block) ("Diff" . dragoman-diff-block)
               ("New file" . dragoman-create-file))
             ""))

(defun dragoman--colour-code (start end language)
  "Colour the code from START to END as the mode for LANGUAGE does."
  (let ((mode (cdr (assoc language dragoman-code-modes)))
        (code (buffer-substring-no-properties start end))
        (offset (marker-position start)))
    (when (and mode (fboundp mode) (< (length code) dragoman--longest-block))
      (dolist (run (with-demoted-errors "Dragoman: this code has no colours: %S" ; a mode may miss what it needs
                     (dragoman--faces code mode)))
        (pcase-let ((`(,from ,to ,face) run))
          (put-text-property (+ offset from) (+ offset to) 'face (list face 'dragoman-code)))))))

(defun dragoman--faces (code mode)
  "The parts (FROM TO FACE) of CODE with a face of MODE, in offsets."
  (with-temp-buffer
    (insert code)
    (let ((inhibit-message t) (message-log-max nil))
      (delay-mode-hooks (funcall mode))
      (font-lock-ensure))
    (let ((position (point-min)) runs)
      (while (< position (point-max))
        (let ((next (next-single-property-change position 'face nil (point-max)))
              (face (get-text-property position 'face)))
          (when face
            (push (list (1- position) (1- next) face) runs))
          (setq position next)))
      (nreverse runs))))


;;;; What the server tells of a turn

(defun dragoman--begin (id agent server &optional question)
  "Write QUESTION, and begin the answer of AGENT.
It is nil where somebody else has asked.  The turn is called ID; SERVER knows of
it."
  (unless dragoman--turns
    (dragoman--delete (point-min) dragoman--end))
  (dragoman--append-gap)
  (let ((turn (make-dragoman--turn :id id :agent agent :server server :buffer (current-buffer) :question question
                                   :start (copy-marker dragoman--end))))
    (when question
      (dragoman--write-question question))
    (dragoman--append (dragoman--one-line agent) 'dragoman-heading)
    (setf (dragoman--turn-heading turn) (copy-marker dragoman--end))
    (dragoman--append "\n" 'dragoman-heading)
    (setf (dragoman--turn-thinking turn) (copy-marker dragoman--end)
          (dragoman--turn-text turn) (copy-marker dragoman--end)
          (dragoman--turn-line turn) (copy-marker dragoman--end)
          (dragoman--turn-end turn) (copy-marker dragoman--end))
    (puthash id turn dragoman--running-turns)
    (push turn dragoman--turns)
    (setq dragoman--running turn
          dragoman--agent agent
          dragoman--after nil
          dragoman--editing nil)
    (dragoman--tick)
    turn))

(defun dragoman--write-question (question)
  "Write QUESTION at the end of the transcript."
  (dragoman--append "You\n" 'dragoman-heading)
  (dragoman--append (concat (plist-get question :prompt) "\n"))
  (dolist (label (plist-get question :labels))
    (dragoman--append (concat "▸ " label "\n") 'dragoman-hint))
  (dragoman--append "\n"))

(defun dragoman--take (turn event)
  "Take EVENT of TURN.  Kinds that a newer server may know are let pass."
  (when (buffer-live-p (dragoman--turn-buffer turn))
    (with-current-buffer (dragoman--turn-buffer turn)
      (when (dragoman--is-next turn (plist-get event :seq))
        (pcase (plist-get event :kind)
          ("start" (setq dragoman--conversation-id (plist-get event :conversationId)))
          ("status" (dragoman--set-phase turn (plist-get event :phase) (plist-get event :detail)))
          ("text" (dragoman--add-text turn (plist-get event :delta)))
          ("reasoning" (dragoman--add-reasoning turn (plist-get event :delta)))
          ("replaceText" (dragoman--replace-text turn (plist-get event :text)))
          ("source" (push event (dragoman--turn-sources turn)))
          ("followUp" (setf (dragoman--turn-follow-ups turn) (plist-get event :prompts)))
          ("usage" (setf (dragoman--turn-usage turn) event))
          ("notice" (push event (dragoman--turn-notices turn)))
          ("end" (dragoman--finish turn (plist-get event :result))))))))

(defun dragoman--is-next (turn seq)
  "Whether the event SEQ of TURN is new; notice those that are missing before it.
SEQ is nil where an event is told again, from the history."
  (let ((expected (dragoman--turn-next-seq turn)))
    (cond ((null seq) t)
          ((< seq expected) nil)
          (t (when (> seq expected)
               (setf (dragoman--turn-lost turn) t))
             (setf (dragoman--turn-next-seq turn) (1+ seq))
             t))))

(defun dragoman--set-phase (turn phase detail)
  "Note that TURN is in PHASE from now on, with DETAIL."
  (setf (dragoman--turn-phase turn) phase
        (dragoman--turn-detail turn) detail
        (dragoman--turn-phase-since turn) (float-time))
  (force-mode-line-update))

(defun dragoman--add-text (turn delta)
  "Add DELTA to the text of TURN."
  (cl-incf (dragoman--turn-length turn) (dragoman--utf16-length delta))
  (dragoman--finish-thinking turn)
  (dragoman--insert (dragoman--turn-end turn) (dragoman--normalized turn delta) dragoman--end)
  (dragoman--colour turn nil))

(defun dragoman--normalized (turn delta)
  "DELTA of TURN with all kinds of line breaks the same.
A carriage return at the end is held back, since its line feed may come yet."
  (let* ((all (concat (dragoman--turn-held turn) delta))
         (is-open (string-suffix-p "\r" all)))
    (setf (dragoman--turn-held turn) (if is-open "\r" ""))
    (replace-regexp-in-string "\r\n?" "\n" (if is-open (substring all 0 -1) all))))

(defun dragoman--replace-text (turn text)
  "The text of TURN is TEXT instead of what it was."
  (setf (dragoman--turn-length turn) 0
        (dragoman--turn-held turn) ""
        (dragoman--turn-fence turn) nil)
  (dragoman--delete (dragoman--turn-text turn) (dragoman--turn-end turn))
  (dragoman--add-text turn text))

(defun dragoman--add-reasoning (turn delta)
  "Add DELTA to the reasoning of TURN, which stands in front of its text."
  (let* ((markers (list (dragoman--turn-text turn) (dragoman--turn-line turn) (dragoman--turn-end turn) dragoman--end))
         (thinking (dragoman--turn-thinking turn))
         (text (replace-regexp-in-string "\r\n?" "\n" delta)))
    (unless (dragoman--turn-thinking-start turn)
      (setf (dragoman--turn-thinking-start turn) (copy-marker thinking)
            (dragoman--turn-thinking-since turn) (float-time))
      (apply #'dragoman--insert thinking
             (concat (dragoman--button "▾ Thinking …" #'dragoman-toggle 'dragoman-chrome t) "\n\n\n") markers)
      (set-marker thinking (- thinking 2)))
    (dragoman--insert thinking (propertize text 'face 'dragoman-thinking 'line-prefix "  " 'wrap-prefix "  "))))

(defun dragoman--finish-thinking (turn)
  "The text of TURN has begun, or all is over: fold its reasoning away."
  (when-let ((start (dragoman--turn-thinking-start turn))
             (since (dragoman--turn-thinking-since turn)))
    (setf (dragoman--turn-thinking-since turn) nil)
    (dragoman--label-thinking turn (format "Thought for %d s" (round (- (float-time) since))))
    (save-excursion
      (goto-char start)
      (let ((fold (make-overlay (line-end-position) (dragoman--turn-thinking turn) nil nil t)))
        (overlay-put fold 'invisible 'dragoman)
        (setf (dragoman--turn-fold turn) fold)))))

(defun dragoman--label-thinking (turn label)
  "Put LABEL over the reasoning of TURN."
  (dragoman--writing
    (save-excursion
      (goto-char (dragoman--turn-thinking-start turn))
      (insert (dragoman--protected (dragoman--button (concat "▸ " label) #'dragoman-toggle 'dragoman-chrome t)))
      (delete-region (point) (line-end-position)))))

(defun dragoman-toggle ()
  "Show or hide the reasoning of the turn at point."
  (interactive)
  (when-let ((fold (dragoman--turn-fold (dragoman--turn-at-point))))
    (overlay-put fold 'invisible (if (overlay-get fold 'invisible) nil 'dragoman))))


;;;; The end of a turn

(defun dragoman--finish (turn result)
  "End TURN with RESULT, unless it has ended already."
  (when (gethash (dragoman--turn-id turn) dragoman--running-turns)
    (remhash (dragoman--turn-id turn) dragoman--running-turns)
    (when (buffer-live-p (dragoman--turn-buffer turn))
      (with-current-buffer (dragoman--turn-buffer turn)
        (setq dragoman--running nil)
        (dragoman--write-end turn result)
        (force-mode-line-update)))))

(defun dragoman--fail (turn message)
  "End TURN without a result, because of MESSAGE."
  (dragoman--finish turn (list :stopReason "error" :textLength (dragoman--turn-length turn)
                               :error (list :message message))))

(defun dragoman--write-end (turn result)
  "Write RESULT below TURN."
  (unless (string-empty-p (dragoman--turn-held turn))
    (setf (dragoman--turn-held turn) "")
    (dragoman--insert (dragoman--turn-end turn) "\n" dragoman--end))
  (dragoman--finish-thinking turn)
  (dragoman--colour turn t)
  (dragoman--write-figures turn result)
  (dragoman--write-sources (append (or (plist-get result :sources) (reverse (dragoman--turn-sources turn))) nil))
  (dragoman--write-notes turn result)
  (dragoman--write-follow-ups
   (append (or (plist-get result :followUps) (dragoman--turn-follow-ups turn)) nil))
  (dragoman--append-line))

(defun dragoman--write-figures (turn result)
  "Write behind the heading of TURN what it took, by RESULT."
  (let* ((first-byte (plist-get (plist-get result :timings) :firstByteMs))
         (usage (or (plist-get result :usage) (dragoman--turn-usage turn)))
         (figures (append (and first-byte (list (format "%.1f s" (/ first-byte 1000.0))))
                          (dragoman--usage usage))))
    (when figures
      (dragoman--insert (dragoman--turn-heading turn)
                        (propertize (concat "  · " (string-join figures " · "))
                                    'face '(dragoman-hint dragoman-heading))))))

(defun dragoman--usage (usage)
  "USAGE of a turn in words, a list."
  (let ((total (plist-get usage :total)) (cost (plist-get usage :cost)) (currency (plist-get usage :currency)))
    (append (and total (list (format "%d tokens" total)))
            (and cost (list (if currency (format "%.4g %s" cost (dragoman--one-line currency))
                              (format "cost %.4g" cost)))))))

(defun dragoman--write-sources (sources)
  "Write where the answer comes from: SOURCES."
  (when sources
    (dragoman--append-gap)
    (dragoman--append "Sources\n" 'dragoman-title)
    (seq-do-indexed
     (lambda (source index)
       (let* ((uri (plist-get source :uri))
              (title (or (plist-get source :title) uri (plist-get source :excerpt) ""))
              (address (and uri (not (eq title uri)) (concat " · " uri)))
              (start (marker-position dragoman--end)))
         (dragoman--append (format "%d. %s\n" (1+ index) (dragoman--one-line (concat title address))))
         (dragoman--writing
           (save-excursion
             (goto-char start)
             (dragoman--colour-text start (1- dragoman--end))))))
     sources)))

(defconst dragoman--endings
  '(("cancelled" . "■ Stopped.")
    ("max_tokens" . "⚠ The answer ends here because the agent has reached its limit of tokens.")
    ("refused" . "⚠ The agent refuses to answer this."))
  "What is said about turns that ended before their answer did.")

(defun dragoman--write-notes (turn result)
  "Write what there is to know about how TURN ended with RESULT."
  (let ((ending (cdr (assoc (plist-get result :stopReason) dragoman--endings)))
        (failure (plist-get result :error)))
    (dolist (notice (reverse (dragoman--turn-notices turn)))
      (let ((is-warning (equal (plist-get notice :level) "warning")))
        (dragoman--write-note (concat (if is-warning "⚠ " "ℹ ") (plist-get notice :message))
                              (if is-warning 'dragoman-warning 'dragoman-notice))))
    (when failure
      (dragoman--write-error turn failure))
    (when ending
      (dragoman--write-note ending 'dragoman-warning))
    (when (or (dragoman--turn-lost turn)
              (/= (or (plist-get result :textLength) (dragoman--turn-length turn)) (dragoman--turn-length turn)))
      (dragoman--write-note "⚠ A part of this answer has not arrived here." 'dragoman-warning)
      (dragoman--write-button "Show all of it" (lambda () (interactive) (dragoman--reload))))))

(defun dragoman--write-note (note face)
  "Write NOTE in FACE, on lines of its own."
  (unless (eq (get-text-property (max (point-min) (1- dragoman--end)) 'dragoman-note) t)
    (dragoman--append-gap))
  (dragoman--append (propertize (concat (dragoman--one-line note) "\n") 'dragoman-note t 'face face)))

(defun dragoman--write-button (label action)
  "Write a button with LABEL for ACTION, on a line of its own."
  (dragoman--append (concat (propertize "▹ " 'dragoman-note t)
                            (dragoman--button label action)
                            (propertize "\n" 'dragoman-note t))))

(defun dragoman--write-error (turn failure)
  "Write why TURN failed: FAILURE, a TurnError; and what may help."
  (dragoman--write-note (concat "✕ " (plist-get failure :message)) 'dragoman-error)
  (when-let ((location (plist-get failure :location)))
    (dragoman--write-button (concat "Show in " (file-name-nondirectory (dragoman--path (plist-get location :uri))))
                            (lambda () (interactive) (dragoman--show-file location t))))
  (dolist (action (append (plist-get failure :actions) nil))
    (dragoman--write-button (dragoman--one-line (plist-get action :title))
                            (lambda () (interactive) (dragoman--do turn action)))))

(defun dragoman--do (turn action)
  "Do ACTION, a command against a failure of TURN."
  (if (equal (plist-get action :command) "dragoman.retry")
      (dragoman--ask-again turn nil nil) ; in its place in the transcript
    (dragoman--execute (dragoman--server) (plist-get action :command) (plist-get action :arguments))))

(defun dragoman--write-follow-ups (proposals)
  "Write a button for each of PROPOSALS, which takes it into the input."
  (when proposals
    (dragoman--append-gap)
    (dolist (prompt proposals)
      (dragoman--write-button (dragoman--one-line prompt)
                              (lambda () (interactive) (dragoman--set-input prompt))))))

(defconst dragoman--gone "The server has ended.  Ask again to start it; this conversation goes on then.")

(defun dragoman--server-gone (server)
  "End what ran on SERVER, which is gone; its conversations can go on."
  (maphash (lambda (_ turn)
             (when (eq (dragoman--turn-server turn) server)
               (dragoman--fail turn dragoman--gone)))
           (copy-hash-table dragoman--running-turns)))


;;;; The line above a transcript

(defvar dragoman--timer nil "Counts the seconds of turns that run.")

(defun dragoman--tick ()
  "Keep the header lines right while somebody answers."
  (force-mode-line-update t)
  (unless dragoman--timer
    (setq dragoman--timer (run-with-timer 1 1 #'dragoman--tick)))
  (when (hash-table-empty-p dragoman--running-turns)
    (cancel-timer dragoman--timer)
    (setq dragoman--timer nil)))

(defun dragoman--header ()
  "Who is asked and what it is doing; what will be sent along; which key helps."
  (let* ((left (concat " " (propertize (or dragoman--agent "no agent chosen") 'face 'bold)
                       (and dragoman--running (concat " · " (dragoman--status dragoman--running)))
                       (mapconcat (lambda (label) (concat "  ▸ " label)) (dragoman--labels) "")
                       (and dragoman--editing "  ✎ instead of the prompt that you edit")))
         (right (substitute-command-keys
                 (if dragoman--running "\\[dragoman-stop] stops " "\\[describe-mode] help ")))
         (space `(space :align-to (- right ,(length right)))))
    (dragoman--header-line (concat left (propertize " " 'display space) (propertize right 'face 'dragoman-hint)))))

(defun dragoman--status (turn)
  "What TURN is doing, for how long, and what it took so far."
  (let ((phase (dragoman--turn-phase turn))
        (seconds (floor (- (float-time) (dragoman--turn-phase-since turn)))))
    (string-join (append (list (concat phase
                                       (and (>= seconds 2) (not (equal phase "streaming")) (format " %d s" seconds))
                                       (when-let ((detail (dragoman--turn-detail turn)))
                                         (format " (%s)" (dragoman--one-line detail)))))
                         (dragoman--usage (dragoman--turn-usage turn)))
                 " · ")))


;;;; Context: what a prompt takes along

(defconst dragoman--languages
  '(("c++" . "cpp") ("js" . "javascript") ("sh" . "shellscript") ("mhtml" . "html") ("emacs-lisp" . "elisp"))
  "What the protocol calls languages whose mode is named otherwise.")

(defun dragoman--language ()
  "The language of this buffer."
  (let ((name (string-remove-suffix "-ts" (string-remove-suffix "-mode" (symbol-name major-mode)))))
    (or (cdr (assoc name dragoman--languages)) name)))

(defun dragoman--attach (buffer start end)
  "Take the text of BUFFER from START to END along with the next prompt."
  (let ((overlay (make-overlay start end buffer)))
    (setq dragoman--attached (append dragoman--attached (list overlay)))
    (force-mode-line-update)))

(defun dragoman--attachments ()
  "What is attached and still there."
  (setq dragoman--attached (seq-filter #'overlay-buffer dragoman--attached)))

(defun dragoman--labels ()
  "What the next prompt takes along, in words."
  (mapcar (lambda (attached)
            (dragoman--label (overlay-buffer attached) (overlay-start attached) (overlay-end attached)))
          (dragoman--attachments)))

(defun dragoman--label (buffer start end)
  "The name of BUFFER, and its lines from START to END."
  (pcase-let ((`(,name ,first ,last) (dragoman--lines buffer start end)))
    (if (= first last) (format "%s %d" name first) (format "%s %d–%d" name first last))))

(defun dragoman--lines (buffer start end)
  "The name of BUFFER, and its first and last line from START to END."
  (with-current-buffer buffer
    (let ((first (line-number-at-pos start t)))
      (list (if buffer-file-name (file-name-nondirectory buffer-file-name) (buffer-name))
            first
            (max first (line-number-at-pos (max start (1- end)) t))))))

(defun dragoman--heading (buffer start end)
  "As the server heads a piece of a file: BUFFER from START to END."
  (pcase-let ((`(,name ,first ,last) (dragoman--lines buffer start end)))
    (if (= first last) (format "%s, line %d" name first) (format "%s, lines %d-%d" name first last))))

(defun dragoman--context-item (attached)
  "ATTACHED as the protocol has it, plain text where it is in no file."
  (let ((start (overlay-start attached)) (end (overlay-end attached)))
    (with-current-buffer (overlay-buffer attached)
      (if buffer-file-name
          (list :kind "selection" :textDocument (list :uri (dragoman--uri buffer-file-name))
                :range (dragoman--range start end))
        (list :kind "text" :text (save-restriction (widen) (buffer-substring-no-properties start end))
              :label (dragoman--heading (current-buffer) start end)
              :languageId (dragoman--language))))))

(defun dragoman--place (buffer start end)
  "BUFFER from START to END as a pair of markers, which move with its text."
  (with-current-buffer buffer
    (cons (copy-marker start) (copy-marker end))))

(defun dragoman--attached-place ()
  "Where the first of what is attached is, the first in a file if there is one."
  (when-let ((attached (or (seq-find (lambda (attached) (buffer-file-name (overlay-buffer attached)))
                                     (dragoman--attachments))
                           (car dragoman--attached))))
    (dragoman--place (overlay-buffer attached) (overlay-start attached) (overlay-end attached))))

(defun dragoman--place-params (server place)
  "Where an answer about PLACE may go, as the protocol has it.
If it is about none, that is where the user is in a file that can be seen.
SERVER gets to know that file."
  (when-let* ((buffer (if place (marker-buffer (car place)) (dragoman--visible-file)))
              (path (buffer-file-name buffer)))
    (dragoman--share server buffer)
    (with-current-buffer buffer
      (if place
          (list :textDocument (list :uri (dragoman--uri path)) :range (dragoman--range (car place) (cdr place)))
        (dragoman--here)))))

(defun dragoman--visible-file ()
  "The buffer of the file that was used last, of those that can be seen; or nil."
  (seq-find (lambda (buffer) (and (buffer-file-name buffer) (get-buffer-window buffer 'visible))) (buffer-list)))

(defun dragoman--here ()
  "Where the user is in this file, as the protocol has it."
  `(:textDocument (:uri ,(dragoman--uri buffer-file-name))
    :position ,(dragoman--position (point))
    ,@(and (use-region-p) (list :range (dragoman--range (region-beginning) (region-end))))))

(defun dragoman--diagnostics (start end)
  "What is wrong in this buffer from START to END, as the protocol has it."
  (vconcat
   (mapcar (lambda (diagnostic)
             (or (alist-get 'eglot-lsp-diag (ignore-errors (flymake-diagnostic-data diagnostic)))
                 (list :range (dragoman--range (flymake-diagnostic-beg diagnostic) (flymake-diagnostic-end diagnostic))
                       :severity (pcase (flymake-diagnostic-type diagnostic)
                                   ((or :error 'eglot-error) 1) ((or :warning 'eglot-warning) 2) (_ 3))
                       :message (flymake-diagnostic-text diagnostic))))
           (and (bound-and-true-p flymake-mode) (flymake-diagnostics start end)))))


;;;; A conversation is opened, an agent chosen

;;;###autoload
(defun dragoman-chat (&optional is-new)
  "Show the conversation of this project.
With a prefix argument IS-NEW, begin one."
  (interactive "P")
  (let ((buffer (if is-new (dragoman--new-buffer (dragoman--root)) (dragoman--buffer))))
    (with-current-buffer buffer
      (dragoman--welcome))
    (pop-to-buffer buffer)
    (goto-char (point-max))))

(defun dragoman-new ()
  "Begin a conversation with the agent of this one."
  (interactive)
  (let ((agent (and (derived-mode-p 'dragoman-chat-mode) dragoman--agent)))
    (dragoman-chat t)
    (setq dragoman--agent agent)))

(defun dragoman--welcome ()
  "Tell in an empty conversation whom to ask, and how."
  (unless dragoman--turns
    (let ((buffer (current-buffer)))
      (dragoman--request (dragoman--server) :dragoman/agents (make-hash-table :size 1)
                         (lambda (result)
                           (when (buffer-live-p buffer)
                             (with-current-buffer buffer
                               (dragoman--write-welcome (dragoman--usable-first (plist-get result :agents))))))
                         #'ignore))))

(defun dragoman--write-welcome (agents)
  "List AGENTS in this conversation, if it is empty."
  (unless dragoman--turns
    (dragoman--delete (point-min) dragoman--end)
    (dragoman--append "Ask an agent, about anything or about what you select.\n\n" 'dragoman-title)
    (mapc #'dragoman--write-agent agents)
    (unless agents
      (dragoman--append "No agent was found here.  Describe one in agents.json: completion writes it for you.\n"
                        'dragoman-warning))
    (dragoman--append
     (substitute-command-keys
      "\n\\[dragoman-send] sends what stands below; \\[dragoman-ask-region] asks about a region.\n")
     'dragoman-hint)))

(defun dragoman--write-agent (agent)
  "Write a line about AGENT, with a button that chooses it if it can be asked."
  (let* ((name (plist-get agent :name)) (shown (dragoman--one-line name)))
    (dragoman--append (concat (dragoman--agent-mark agent) " "))
    (if (dragoman--obstacle agent)
        (dragoman--append shown 'dragoman-error)
      (dragoman--append (dragoman--button shown (lambda () (interactive) (dragoman--choose name)))))
    (dragoman--append (concat " — " (dragoman--agent-about agent) "\n") 'dragoman-hint)))

(defun dragoman--choose (agent)
  "Ask AGENT from now on."
  (setq dragoman--agent agent)
  (goto-char (point-max))
  (force-mode-line-update))

(defun dragoman-agents ()
  "Choose the agent of this conversation."
  (interactive)
  (let* ((buffer (dragoman--buffer))
         (agent (dragoman--read-agent (dragoman--agents (with-current-buffer buffer (dragoman--server))))))
    (pop-to-buffer buffer)
    (dragoman--choose agent)))

(defun dragoman--need-agent (server)
  "The agent of this conversation; the only one of SERVER, or chosen now."
  (or dragoman--agent
      (setq dragoman--agent
            (let* ((agents (dragoman--agents server))
                   (usable (seq-remove #'dragoman--obstacle agents)))
              (if (and usable (null (cdr usable)))
                  (plist-get (car usable) :name)
                (dragoman--read-agent agents))))))


;;;; The user asks

(defun dragoman--input-text ()
  "What is written in the input."
  (string-trim (buffer-substring-no-properties dragoman--input (point-max))))

(defun dragoman--set-input (text)
  "Put TEXT into the input."
  (goto-char (point-max))
  (delete-region dragoman--input (point-max))
  (insert text))

(defun dragoman-send ()
  "Send what is written below the transcript."
  (interactive)
  (let ((prompt (dragoman--input-text)))
    (cond ((and (< (point) dragoman--input) (button-at (point))) (push-button))
          ((string-empty-p prompt) (goto-char (point-max)) (message "Write a prompt first"))
          (t (dragoman--complain-if-running)
             (if dragoman--editing
                 (dragoman--ask-again dragoman--editing nil prompt)
               (dragoman--ask prompt))
             (dragoman--remember prompt)))))

(defun dragoman--complain-if-running ()
  "Signal an error if somebody still answers in this conversation."
  (when dragoman--running
    (user-error "%s" (substitute-command-keys
                      (format "%s still answers; \\<dragoman-chat-mode-map>\\[dragoman-stop] stops it"
                              (dragoman--turn-agent dragoman--running))))))

(defun dragoman--remember (prompt)
  "PROMPT was sent: keep it, and empty the input."
  (setq dragoman--prompts (cons prompt (delete prompt dragoman--prompts))
        dragoman--recalled nil)
  (dragoman--set-input "")
  (setq buffer-undo-list nil))

(defun dragoman--new-id ()
  "A name for a turn that nobody else has."
  (format "emacs-%d-%s" (emacs-pid) (format-time-string "%s%N")))

(defun dragoman--ask (prompt)
  "Send PROMPT in this conversation, with what is attached."
  (let* ((server (dragoman--server))
         (params (dragoman--prompt-params server (dragoman--need-agent server) prompt)))
    (dragoman--request-turn server :dragoman/prompt params :turnId
                            (list :prompt prompt :labels (dragoman--labels) :place (dragoman--attached-place)))
    (dragoman-detach)))

(defun dragoman--prompt-params (server agent prompt)
  "The parameters that ask AGENT for PROMPT in this conversation.
SERVER gets to know what is attached."
  (let ((attached (dragoman--attachments)))
    (dolist (overlay attached)
      (dragoman--share server (overlay-buffer overlay)))
    `(:agent ,agent :prompt ,prompt
      ,@(and dragoman--conversation-id (list :conversationId dragoman--conversation-id))
      ,@(and dragoman--after (list :afterTurnId dragoman--after))
      ,@(and attached (list :context (vconcat (mapcar #'dragoman--context-item attached)))))))

(defun dragoman--request-turn (server method params key question)
  "Begin a turn by METHOD of SERVER with PARAMS, which hold its new id at KEY.
The transcript shows QUESTION."
  (let* ((id (dragoman--new-id))
         (where (dragoman--place-params server (plist-get question :place)))
         (turn (dragoman--begin id (plist-get params :agent) server question)))
    (condition-case failure
        (dragoman--request server method `(,@params ,@where :deliver "server" ,key ,id :partialResultToken ,id)
                           (lambda (result) (dragoman--finish turn result))
                           (lambda (failure)
                             (dragoman--fail turn (if (jsonrpc-running-p server) failure dragoman--gone))))
      (error (dragoman--fail turn (error-message-string failure))))))

(defun dragoman-detach ()
  "Send nothing along with the next prompt."
  (interactive)
  (mapc #'delete-overlay dragoman--attached)
  (setq dragoman--attached nil)
  (force-mode-line-update))

(defconst dragoman--intents
  '(("explain" . "Explain this code.") ("fix" . "Fix this code.") ("tests" . "Write tests for this code."))
  "What can be asked about a region in a word.")

;;;###autoload
(defun dragoman-ask-region (start end question)
  "Ask about the text from START to END, the line where nothing is selected.
QUESTION is one of \"explain\", \"fix\" and \"tests\", which begin a
conversation each; or a prompt in the conversation of this project.  Where it
is empty, that is shown for you to write one."
  (interactive
   (append (if (use-region-p)
               (list (region-beginning) (region-end))
             (list (line-beginning-position) (line-end-position)))
           (list (dragoman--read-question))))
  (let ((source (current-buffer)) (words (cdr (assoc question dragoman--intents))))
    (if (and words buffer-file-name)
        (dragoman--send-selection start end question)
      (with-current-buffer (dragoman--buffer)
        (dragoman--attach source start end)
        (pop-to-buffer (current-buffer))
        (goto-char (point-max))
        (unless (string-empty-p question)
          (dragoman--complain-if-running)
          (dragoman--ask (or words question)))))))

(defun dragoman--read-question ()
  "A question in the user's words, or the name of an intent, which is completed."
  (minibuffer-with-setup-hook
      (lambda ()
        (let ((map (make-sparse-keymap)))
          (define-key map " " #'self-insert-command) ; they complete and help elsewhere
          (define-key map "?" #'self-insert-command)
          (use-local-map (make-composed-keymap map (current-local-map)))))
    (completing-read "Ask about it (explain, fix, tests or a question): " (mapcar #'car dragoman--intents))))

(defun dragoman--send-selection (start end intent)
  "Ask for INTENT about the file of this buffer from START to END.
The server puts the answer where the agent's description says."
  (let* ((server (dragoman--server))
         (agent (with-current-buffer (dragoman--buffer)
                  (dragoman--need-agent server)))
         (question (list :prompt (cdr (assoc intent dragoman--intents))
                         :labels (list (dragoman--label (current-buffer) start end))
                         :place (dragoman--place (current-buffer) start end))))
    (dragoman--share server (current-buffer))
    (dragoman--execute server "dragoman.sendSelection"
                       (list :agent agent :intent intent
                             :textDocument (list :uri (dragoman--uri buffer-file-name))
                             :range (dragoman--range start end)
                             :diagnostics (dragoman--diagnostics start end))
                       (lambda (begun)
                         (dragoman--adopt server (plist-get begun :turnId) agent nil question)))))


;;;; Stopping, asking again, going back

(defun dragoman-stop ()
  "Stop the answer that is on its way."
  (interactive)
  (let ((turn (buffer-local-value 'dragoman--running (dragoman--buffer))))
    (if turn
        (dragoman--stop turn)
      (message "Nobody answers now"))))

(defun dragoman--stop (turn)
  "Stop TURN; it ends by the result that then comes."
  (dragoman--request (dragoman--turn-server turn) :dragoman/stop (list :turnId (dragoman--turn-id turn))
                     nil
                     (lambda (failure) (dragoman--fail turn failure))))

(defun dragoman-retry (&optional choose)
  "Ask the prompt at point again, the last one where point is in the input.
What came after it stays in the history.  With a prefix argument CHOOSE, choose
another agent for it."
  (interactive "P")
  (with-current-buffer (dragoman--buffer)
    (dragoman--ask-again (dragoman--turn-at-point)
                         (and choose (dragoman--read-agent (dragoman--agents (dragoman--server))))
                         nil)))

(defun dragoman-edit ()
  "Bring the prompt at point back to be changed: sending it takes its place.
Once more: not."
  (interactive)
  (with-current-buffer (dragoman--buffer)
    (let ((turn (dragoman--turn-at-point)))
      (dragoman--complain-if-running)
      (pop-to-buffer (current-buffer))
      (setq dragoman--editing (if dragoman--editing nil turn))
      (dragoman--set-input (if dragoman--editing (or (plist-get (dragoman--turn-question turn) :prompt) "") ""))
      (force-mode-line-update))))

(defun dragoman--ask-again (turn agent prompt)
  "Ask TURN again, AGENT and with PROMPT where they are given."
  (with-current-buffer (dragoman--turn-buffer turn)
    (dragoman--complain-if-running)
    (let* ((server (dragoman--server))
           (agent (or agent dragoman--agent (dragoman--turn-agent turn)))
           (params `(:turnId ,(dragoman--turn-id turn) :agent ,agent ,@(and prompt (list :prompt prompt))))
           (question (dragoman--turn-question turn)))
      (dragoman--delete (dragoman--turn-start turn) dragoman--end)
      (setq dragoman--turns (cdr (memq turn dragoman--turns)))
      (dragoman--request-turn server :dragoman/retry params :newTurnId
                              (if prompt `(:prompt ,prompt ,@question) question)))))

(defun dragoman--turn-at-point ()
  "The turn at point, the last one where point is in the input."
  (or (seq-find (lambda (turn) (<= (dragoman--turn-start turn) (point))) dragoman--turns)
      (user-error "Nothing was asked here yet")))

(defun dragoman-next-turn ()
  "Go to the next turn."
  (interactive)
  (goto-char (or (seq-find (lambda (start) (> start (point)))
                           (reverse (mapcar #'dragoman--turn-start dragoman--turns)))
                 (point-max))))

(defun dragoman-previous-turn ()
  "Go to the turn before."
  (interactive)
  (goto-char (or (seq-find (lambda (start) (< start (point))) (mapcar #'dragoman--turn-start dragoman--turns))
                 (point-min))))

(defun dragoman-previous-prompt ()
  "Bring back the prompt that was sent before."
  (interactive)
  (dragoman--recall 1))

(defun dragoman-next-prompt ()
  "Go back to the prompt that was sent later, and to the draft at last."
  (interactive)
  (dragoman--recall -1))

(defun dragoman--recall (step)
  "Show the prompt that is STEP older than the one shown."
  (unless dragoman--recalled
    (setq dragoman--draft (buffer-substring-no-properties dragoman--input (point-max))))
  (let ((wanted (+ (or dragoman--recalled -1) step)))
    (cond ((< wanted -1) (user-error "There is no later prompt"))
          ((= wanted -1) (setq dragoman--recalled nil) (dragoman--set-input dragoman--draft))
          ((nth wanted dragoman--prompts)
           (setq dragoman--recalled wanted)
           (dragoman--set-input (nth wanted dragoman--prompts)))
          (t (user-error "There is no earlier prompt")))))


;;;; Blocks of code in an answer, put where the user says

(defun dragoman--block ()
  "The block of code at point, a property list."
  (or (get-text-property (point) 'dragoman-block)
      (user-error "There is no block of code here")))

(defun dragoman--code (block)
  "The code of BLOCK, without the indentation of its fence."
  (replace-regexp-in-string (format "^[ \t]\\{0,%d\\}" (plist-get block :indent)) ""
                            (buffer-substring-no-properties (plist-get block :start) (plist-get block :end))))

(defun dragoman-copy-block ()
  "Copy the block of code at point."
  (interactive)
  (kill-new (dragoman--code (dragoman--block)))
  (message "Copied"))

(defun dragoman-insert-block ()
  "Insert the block of code at point into the file where you were.
It takes the place of the region there."
  (interactive)
  (let ((buffer (dragoman--file-buffer)))
    (dragoman--apply-block (if (with-current-buffer buffer (use-region-p)) "replaceSelection" "insert")
                           buffer)))

(defun dragoman-diff-block ()
  "Propose the block of code at point for the file where you were, as a diff.
It is meant for the region there, else for all of the file."
  (interactive)
  (dragoman--apply-block "diff" (dragoman--file-buffer)))

(defun dragoman-create-file ()
  "Make a new file of the project from the block of code at point."
  (interactive)
  (dragoman--apply-block "newFile" nil))

(defun dragoman--file-buffer ()
  "The file where the user was."
  (or (seq-find #'buffer-file-name (buffer-list))
      (user-error "There is no file where you were")))

(defun dragoman--apply-block (target buffer)
  "Have the server put the block of code at point to TARGET, in BUFFER if given."
  (let* ((block (dragoman--block))
         (code (dragoman--code block))
         (turn (dragoman--turn-at-point))
         (server (dragoman--server)))
    (when buffer
      (dragoman--share server buffer))
    (dragoman--request
     server :dragoman/apply
     `(:turnId ,(dragoman--turn-id turn) :languageId ,(plist-get block :language) :target ,target
       ,@(if buffer (with-current-buffer buffer (dragoman--code-here code target)) (list :text code)))
     (lambda (result)
       (cond ((not (eq (plist-get result :applied) t)) (dragoman--tell "nothing was applied"))
             ((and buffer (not (equal target "diff"))) (pop-to-buffer buffer)))))))

(defun dragoman--code-here (code target)
  "CODE for TARGET, and where the user is in this file, as the protocol has it.
Lines that are inserted before a line stay lines."
  `(:text ,(if (and (equal target "insert") (bolp)) code (string-remove-suffix "\n" code))
    ,@(dragoman--here)))


;;;; What the server sends

(defun dragoman--later (answer)
  "A result that is sent later: with what ANSWER gives to its argument.
ANSWER runs outside of the process filter, so it may ask the user."
  (cons 'dragoman--later answer))

(cl-defmethod jsonrpc-connection-send ((server dragoman-server) &rest message &key id result &allow-other-keys)
  "Send MESSAGE to SERVER.
A RESULT by `dragoman--later' is sent for ID once it is known."
  (if (eq (car-safe result) 'dragoman--later)
      (run-at-time 0 nil (cdr result)
                   (lambda (settled)
                     (when (jsonrpc-running-p server)
                       (jsonrpc-connection-send server :id id :result settled))))
    (apply #'cl-call-next-method server message)))

(cl-defmethod eglot-handle-notification ((_server dragoman-server) (_method (eql '$/progress))
                                         &key token value &allow-other-keys)
  "Take the events of VALUE, if TOKEN is that of a turn of ours."
  (if-let ((turn (gethash token dragoman--running-turns)))
      (seq-do (lambda (event) (dragoman--take turn event)) value)
    (cl-call-next-method)))

(cl-defmethod eglot-handle-notification ((server dragoman-server) (_method (eql 'dragoman/turn))
                                         &rest event)
  "Take EVENT of a turn that SERVER has begun by itself, or for a code action."
  (let* ((id (plist-get event :turnId)) (turn (gethash id dragoman--running-turns)))
    (when (and (null turn) (equal (plist-get event :kind) "start"))
      (setq turn (dragoman--adopt server id (plist-get event :agent) (plist-get event :conversationId))))
    (when turn
      (dragoman--take turn event))))

(defun dragoman--adopt (server id agent conversation &optional question)
  "The turn ID of SERVER, shown in a conversation.
AGENT answers QUESTION there.  It is the one that shows CONVERSATION, an empty
one, or a new one."
  (or (gethash id dragoman--running-turns)
      (let* ((default-directory (project-root (eglot--project server)))
             (buffers (dragoman--buffers))
             (shows (lambda (buffer)
                      (and conversation (equal conversation (buffer-local-value 'dragoman--conversation-id buffer)))))
             (is-empty (lambda (buffer) (null (buffer-local-value 'dragoman--turns buffer))))
             (buffer (or (seq-find shows buffers)
                         (and buffers (funcall is-empty (car buffers)) (car buffers))
                         (dragoman--new-buffer (dragoman--root)))))
        (display-buffer buffer)
        (with-current-buffer buffer
          (dragoman--begin id agent server question)))))

(cl-defmethod eglot-handle-notification ((server dragoman-server) (_method (eql 'dragoman/agentsChanged)) &rest _)
  "List the agents of SERVER again in conversations that are empty."
  (run-at-time 0 nil (lambda ()
                       (let ((default-directory (project-root (eglot--project server))))
                         (dolist (buffer (dragoman--buffers))
                           (with-current-buffer buffer
                             (when (eq (dragoman--running-server) server)
                               (dragoman--welcome))))))))

(cl-defmethod eglot-handle-request ((_server dragoman-server) (_method (eql 'dragoman/ask))
                                    &key title default options &allow-other-keys)
  "Ask the user for TITLE; OPTIONS are the answers, DEFAULT is proposed."
  (dragoman--later (lambda (answer) (dragoman--question title default (append options nil) answer))))

(defun dragoman--question (title default options answer)
  "Ask the first line of TITLE, and show the others.
Call ANSWER with what is said.  That is one of OPTIONS, or anything, DEFAULT
first."
  (if (active-minibuffer-window)
      (run-at-time 0.3 nil #'dragoman--question title default options answer)
    (let* ((lines (split-string (string-trim title) "\n"))
           (shown (and (cdr lines) (dragoman--show-question lines)))
           (few (and options (length< options 4) (format "(%s) " (string-join options ", "))))
           (asked (concat (car lines) " " few))
           (value (unwind-protect
                      (condition-case _
                          (if options (completing-read asked options nil t) (read-string asked default))
                        (quit ""))
                    (when shown
                      (quit-windows-on shown t)))))
      (funcall answer (if (string-empty-p value) (make-hash-table :size 1) (list :value value))))))

(defun dragoman--show-question (lines)
  "Show all LINES of a question; the buffer."
  (let ((buffer (dragoman--show-page "*dragoman question*" (car lines) (string-join (cdr lines) "\n") "\n")))
    (fit-window-to-buffer (display-buffer buffer '(display-buffer-at-bottom)))
    buffer))

(cl-defmethod eglot-handle-request ((server dragoman-server) (_method (eql 'workspace/applyEdit))
                                    &key label edit &allow-other-keys)
  "Make EDIT of SERVER, reviewed first where it wants that, which LABEL names."
  (dragoman--later
   (lambda (answer)
     (condition-case failure
         (let ((changes (dragoman--changes edit)))
           (if (or dragoman-confirm-edits (seq-some #'dragoman--change-asks changes))
               (dragoman--review (or label "An edit") changes
                                 (lambda (accepted) (funcall answer (dragoman--make-all server accepted))))
             (funcall answer (dragoman--make-all server changes))))
       (error (funcall answer (dragoman--not-applied failure)))))))

(cl-defmethod eglot-handle-request ((_server dragoman-server) (_method (eql 'window/showDocument))
                                    &key uri external takeFocus selection &allow-other-keys)
  "Show URI, SELECTION of it where one is given.
EXTERNAL means in the browser, TAKEFOCUS that its window is selected."
  (dragoman--later
   (lambda (answer)
     (funcall answer
              (condition-case _
                  (progn
                    (if (eq external t)
                        (browse-url uri)
                      (dragoman--show-file (list :uri uri :range selection) (eq takeFocus t)))
                    '(:success t))
                (error '(:success :json-false)))))))


;;;; Changes of files, made at once or reviewed

(cl-defstruct (dragoman--change (:copier nil))
  "A file at PATH, which is KIND (created, changed, deleted) by EDITS of VERSION.
ASKS says whether the user is to be asked, WHY what there is to know."
  path kind edits version asks why)

(defun dragoman--changes (edit)
  "What is to be done for EDIT of the workspace, in its order, once for a file."
  (let (changes)
    (dolist (change (append (mapcar (lambda (step) (dragoman--change-of-step edit step))
                                    (plist-get edit :documentChanges))
                            (cl-loop for (uri edits) on (plist-get edit :changes) by #'cddr
                                     collect (dragoman--change-of edit "changed" (substring (symbol-name uri) 1) edits))))
      (if-let ((known (seq-find (lambda (known) (equal (dragoman--change-path known) (dragoman--change-path change)))
                                changes)))
          (setf (dragoman--change-edits known) (dragoman--change-edits change))
        (push change changes)))
    (nreverse changes)))

(defun dragoman--change-of-step (edit step)
  "STEP of EDIT, one of its `documentChanges'."
  (let ((document (plist-get step :textDocument)) (edits (plist-get step :edits)))
    (pcase (plist-get step :kind)
      ("create" (dragoman--change-of edit "created" (plist-get step :uri) nil nil (plist-get step :annotationId)))
      ("delete" (dragoman--change-of edit "deleted" (plist-get step :uri) nil nil (plist-get step :annotationId)))
      ('nil (dragoman--change-of edit "changed" (plist-get document :uri) edits (plist-get document :version)
                                 (seq-some (lambda (edit) (plist-get edit :annotationId)) edits)))
      (other (error "Files cannot be changed by %s here" other)))))

(defun dragoman--change-of (edit kind uri edits &optional version annotation)
  "A change for EDIT: of KIND, of the file at URI, by EDITS of VERSION.
ANNOTATION is the id of what is said about it."
  (let ((told (dragoman--annotation edit annotation)))
    (make-dragoman--change :path (dragoman--path uri) :kind kind :edits (append edits nil) :version version
                           :asks (eq (plist-get told :needsConfirmation) t)
                           :why (plist-get told :description))))

(defun dragoman--annotation (edit id)
  "The annotation ID of EDIT."
  (and id (plist-get (plist-get edit :changeAnnotations) (intern (concat ":" id)))))

(defun dragoman--make-all (server changes)
  "Do all that SERVER wants, or none of it; the answer to it.
CHANGES are what it wants."
  (condition-case failure
      (progn
        (dolist (change changes)
          (dragoman--check server change))
        (dolist (change changes)
          (dragoman--make server change))
        (list :applied (if changes t :json-false)))
    (error (dragoman--not-applied failure))))

(defun dragoman--apply-ours (apply edit &rest arguments)
  "Make EDIT of a code action or a new name, if it is of our server.
It may create files, which Eglot cannot.  Else call APPLY with it and ARGUMENTS."
  (let ((server (eglot-current-server)))
    (if (not (cl-typep server 'dragoman-server))
        (apply apply edit arguments)
      (let ((answer (dragoman--make-all server (dragoman--changes edit))))
        (when (plist-get answer :failureReason)
          (user-error "%s" (plist-get answer :failureReason)))))))

(advice-add 'eglot--apply-workspace-edit :around #'dragoman--apply-ours)

(defun dragoman--not-applied (failure)
  "The answer to an edit that was not made because of FAILURE."
  (list :applied :json-false :failureReason (error-message-string failure)))

(defun dragoman--check (server change)
  "Signal an error if CHANGE of SERVER cannot be made."
  (let ((path (dragoman--change-path change)))
    (pcase (dragoman--change-kind change)
      ("created" (when (file-exists-p path) (error "%s is there already" path)))
      ("deleted" (unless (file-exists-p path) (error "%s is gone" path)))
      (_ (with-current-buffer (find-file-noselect path)
           (barf-if-buffer-read-only)
           (dragoman--check-version server (dragoman--change-version change)))))))

(defun dragoman--make (server change)
  "Make CHANGE of SERVER.  Files that are only changed are not saved."
  (let ((path (dragoman--change-path change)))
    (pcase (dragoman--change-kind change)
      ("created" (make-directory (file-name-directory path) t)
       (let ((coding-system-for-write 'utf-8-unix))
         (write-region (dragoman--text-after change) nil path nil 'quiet nil 'excl)))
      ("deleted" (delete-file path t))
      (_ (with-current-buffer (find-file-noselect path)
           (dragoman--edit (dragoman--change-edits change))
           (when (dragoman--managed-p server)
             (eglot--signal-textDocument/didChange)))))))

(defun dragoman--text-before (change)
  "The text of the file of CHANGE as it is."
  (if (equal (dragoman--change-kind change) "created")
      ""
    (with-current-buffer (find-file-noselect (dragoman--change-path change))
      (dragoman--whole-text))))

(defun dragoman--text-after (change)
  "The text of the file of CHANGE as it would be."
  (if (equal (dragoman--change-kind change) "deleted")
      ""
    (let ((before (dragoman--text-before change)))
      (with-temp-buffer
        (insert before)
        (dragoman--edit (dragoman--change-edits change))
        (buffer-string)))))

(defun dragoman--diff (path kind before after)
  "How the text AFTER of the file at PATH, which is KIND, differs from BEFORE.
Both are in UTF-8 for the program, and so is what it says."
  (let* ((coding-system-for-write 'utf-8-unix)
         (coding-system-for-read 'utf-8-unix)
         (name (file-relative-name path (dragoman--root)))
         (label (lambda (side missing) (if (equal kind missing) "/dev/null" (concat side name))))
         (old (make-temp-file "dragoman" nil nil before))
         (new (make-temp-file "dragoman" nil nil after)))
    (unwind-protect
        (with-temp-buffer
          (call-process diff-command nil t nil "-u" "-L" (funcall label "a/" "created")
                        "-L" (funcall label "b/" "deleted") old new)
          (buffer-string))
      (delete-file old)
      (delete-file new))))


;;;; A proposal: a diff that is accepted or rejected

(defvar-local dragoman--title nil "Who proposes what is shown.")
(defvar-local dragoman--proposed nil "The changes that are proposed, none where it is one answer.")
(defvar-local dragoman--left-out nil "Those of them that the user does not want.")
(defvar-local dragoman--decide nil "Called with what the user accepts; nil as long as the proposal is not complete.")
(defvar-local dragoman--proposing nil "The turn that proposes, nil where it is an edit.")

(defvar dragoman-proposal-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "C-c C-c") #'dragoman-accept)
    (define-key map (kbd "C-c C-k") #'dragoman-reject)
    (define-key map "x" #'dragoman-leave-out)
    (define-key map "n" #'diff-hunk-next)
    (define-key map "p" #'diff-hunk-prev)
    (define-key map (kbd "TAB") #'diff-file-next)
    (define-key map (kbd "<backtab>") #'diff-file-prev)
    (define-key map (kbd "RET") #'diff-goto-source)
    (define-key map "q" #'quit-window)
    map)
  "Keys of a proposal.")

(easy-menu-define dragoman-proposal-menu dragoman-proposal-mode-map
  "Menu of a proposal."
  '("Dragoman"
    ["Accept" dragoman-accept :active dragoman--decide]
    ["Reject" dragoman-reject]
    ["Leave this file out, or not" dragoman-leave-out :active dragoman--proposed]
    "--"
    ["Next change" diff-hunk-next]
    ["Next file" diff-file-next]))

(define-derived-mode dragoman-proposal-mode diff-mode "Proposal"
  "What an agent proposes, as a diff.  Nothing of it is done before you accept.
\\{dragoman-proposal-mode-map}"
  (setq-local minor-mode-overriding-map-alist nil) ; keys that change the diff, and so nothing
  (setq-local diff-font-lock-syntax nil) ; would run modes that agents choose
  (dragoman--show-as-it-is)
  (setq-local header-line-format '(:eval (dragoman--proposal-header)))
  (setq buffer-read-only t)
  (buffer-disable-undo)
  (add-hook 'kill-buffer-hook #'dragoman--proposal-killed nil t))

(defun dragoman--proposal-header ()
  "Who proposes this, and what can be done."
  (let ((count (length dragoman--proposed)))
    (dragoman--header-line
     (concat " " (propertize (dragoman--one-line dragoman--title) 'face 'bold)
             (and (> count 1) (format " · %d of %d files" (- count (length dragoman--left-out)) count))
             (propertize
              (substitute-command-keys
               (if dragoman--decide
                   (concat " · \\[dragoman-accept] accepts, "
                           (and (> count 1) "\\[dragoman-leave-out] leaves a file out, ")
                           "\\[dragoman-reject] rejects")
                 " · not complete yet, \\[dragoman-reject] stops it"))
              'face 'dragoman-hint)))))

(defun dragoman--show-diff (turn params)
  "Show the diff of PARAMS, which TURN proposes, as it grows; withdraw it.
What is complete is answered when the user has decided."
  (let ((buffer (dragoman--proposal-of turn)) (state (plist-get params :state)))
    (if (equal state "withdrawn")
        (when buffer (dragoman--kill-proposal buffer) t)
      (setq buffer (or buffer (dragoman--new-proposal (dragoman--turn-agent turn) turn)))
      (dragoman--write-proposal buffer (dragoman--diff-of params))
      (or (not (equal state "complete"))
          (lambda (answer)
            (dragoman--ask-about buffer (lambda (accepted)
                                          (funcall answer (list :accepted (if accepted t :json-false))))))))))

(defun dragoman--diff-of (params)
  "The document of PARAMS with their text in place of their range, as a diff."
  (let* ((path (dragoman--path (plist-get (plist-get params :textDocument) :uri)))
         (change (make-dragoman--change
                  :path path :kind "changed"
                  :edits (list (list :range (plist-get params :range) :newText (plist-get params :text))))))
    (dragoman--diff path "changed" (dragoman--text-before change) (dragoman--text-after change))))

(defun dragoman--review (title changes decide)
  "Ask about an edit under TITLE; call DECIDE with what of it is accepted.
CHANGES are what it does."
  (let ((buffer (dragoman--new-proposal title nil)))
    (with-current-buffer buffer
      (setq dragoman--proposed changes))
    (dragoman--write-proposal buffer (mapconcat #'dragoman--described changes ""))
    (dragoman--ask-about buffer decide)))

(defun dragoman--described (change)
  "CHANGE in words and as a diff."
  (let ((path (dragoman--change-path change)) (kind (dragoman--change-kind change)) (why (dragoman--change-why change)))
    (propertize (concat kind " " (file-relative-name path (dragoman--root)) (and why (concat ": " why)) "\n"
                        (dragoman--diff path kind (dragoman--text-before change) (dragoman--text-after change)))
                'dragoman-change change)))

(defun dragoman--new-proposal (title turn)
  "A buffer for what is proposed under TITLE, by TURN if that is given."
  (let ((root (dragoman--root)))
    (with-current-buffer (generate-new-buffer "*dragoman proposal*")
      (setq default-directory root)
      (dragoman-proposal-mode)
      (setq dragoman--title title
            dragoman--proposing turn)
      (display-buffer (current-buffer) '(nil (inhibit-same-window . t)))
      (current-buffer))))

(defun dragoman--write-proposal (buffer diff)
  "Show DIFF in BUFFER; point stays where it is."
  (with-current-buffer buffer
    (let* ((inhibit-read-only t)
           (shown (dragoman--shared-length diff)))
      (save-excursion
        (delete-region (+ (point-min) shown) (point-max))
        (goto-char (point-max))
        (insert (substring diff shown))))))

(defun dragoman--shared-length (text)
  "How many characters at the beginning of TEXT are those of this buffer."
  (let ((difference (compare-strings text nil nil (buffer-string) nil nil)))
    (if (eq difference t) (length text) (1- (abs difference)))))

(defun dragoman--ask-about (buffer decide)
  "Let the user accept or reject the proposal in BUFFER; call DECIDE with it."
  (with-current-buffer buffer
    (setq dragoman--decide decide)
    (display-buffer buffer '(nil (inhibit-same-window . t)))
    (force-mode-line-update)
    (message "%s: M-x dragoman-accept or dragoman-reject, or their keys in %s"
             (dragoman--one-line dragoman--title) (buffer-name))))

(defun dragoman--proposals ()
  "All proposals, the one used last first."
  (seq-filter (lambda (buffer) (eq (buffer-local-value 'major-mode buffer) 'dragoman-proposal-mode)) (buffer-list)))

(defun dragoman--proposal-of (turn)
  "The proposal of TURN, or nil."
  (seq-find (lambda (buffer) (eq (buffer-local-value 'dragoman--proposing buffer) turn)) (dragoman--proposals)))

(defun dragoman--proposal ()
  "The proposal that is meant here."
  (cond ((derived-mode-p 'dragoman-proposal-mode) (current-buffer))
        ((car (dragoman--proposals)))
        (t (user-error "Nothing is proposed"))))

(defun dragoman-accept ()
  "Do what is proposed here, or was last."
  (interactive)
  (with-current-buffer (dragoman--proposal)
    (unless dragoman--decide
      (user-error "The answer is not complete yet"))
    (dragoman--end-proposal (if dragoman--proposed
                                (seq-difference dragoman--proposed dragoman--left-out #'eq)
                              t))))

(defun dragoman-reject ()
  "Do nothing of what is proposed here, or was last.  Stop an answer that grows."
  (interactive)
  (with-current-buffer (dragoman--proposal)
    (if dragoman--decide
        (dragoman--end-proposal nil)
      (dragoman--stop dragoman--proposing))))

(defun dragoman--end-proposal (accepted)
  "The user has ACCEPTED this, some of it or nothing."
  (let ((decide dragoman--decide))
    (setq dragoman--decide nil)
    (dragoman--kill-proposal (current-buffer))
    (funcall decide accepted)))

(defun dragoman--kill-proposal (buffer)
  "End BUFFER and its windows."
  (quit-windows-on buffer t))

(defun dragoman--proposal-killed ()
  "What was not decided is rejected."
  (when dragoman--decide
    (funcall dragoman--decide nil)))

(defun dragoman-leave-out ()
  "Leave the file at point out of what is accepted; once more: not."
  (interactive)
  (let ((change (or (get-text-property (point) 'dragoman-change) (user-error "There is no file here"))))
    (setq dragoman--left-out (if (memq change dragoman--left-out)
                                 (remq change dragoman--left-out)
                               (cons change dragoman--left-out)))
    (dragoman--strike-out change)
    (force-mode-line-update)))

(defun dragoman--strike-out (change)
  "Show whether CHANGE is left out."
  (save-excursion
    (goto-char (point-min))
    (let* ((found (text-property-search-forward 'dragoman-change change #'eq))
           (start (prop-match-beginning found))
           (end (prop-match-end found)))
      (if (memq change dragoman--left-out)
          (overlay-put (make-overlay start end) 'face '(:strike-through t :inherit dragoman-hint))
        (remove-overlays start end)))))


;;;; Places where the server has an answer shown

(cl-defmethod eglot-handle-request ((_server dragoman-server) (_method (eql 'dragoman/show)) &rest params)
  "Show a turn as PARAMS say."
  (dragoman--later
   (lambda (answer)
     (let ((shown (with-demoted-errors "Dragoman: this was not shown: %S"
                    (dragoman--show params))))
       (if (functionp shown)
           (funcall shown answer)
         (funcall answer (list :shown (if shown t :json-false))))))))

(defun dragoman--show (params)
  "Show the turn of PARAMS at their surface; nil if that cannot be done."
  (let ((show (cdr (assoc (plist-get params :surface) dragoman-surfaces)))
        (turn (dragoman--find-turn (plist-get params :turnId))))
    (and show turn (buffer-live-p (dragoman--turn-buffer turn))
         (with-current-buffer (dragoman--turn-buffer turn)
           (funcall show turn params)))))

(defun dragoman--find-turn (id)
  "The turn ID, also one that has ended."
  (or (gethash id dragoman--running-turns)
      (seq-some (lambda (buffer)
                  (seq-find (lambda (turn) (equal (dragoman--turn-id turn) id))
                            (buffer-local-value 'dragoman--turns buffer)))
                (buffer-list))))

(defun dragoman--show-chat (_turn _params)
  "Show this conversation."
  (display-buffer (current-buffer)))

(defun dragoman--show-at (side _turn _params)
  "Show this conversation at SIDE, unless the user is in it already."
  (let ((buffer (current-buffer)) (window (get-buffer-window)))
    (when (and window (not (eq window (selected-window))) (not (eq (window-parameter window 'window-side) side)))
      (quit-restore-window window))
    (display-buffer buffer `((display-buffer-reuse-window display-buffer-in-side-window) (side . ,side)))))

(defun dragoman--show-input (turn params)
  "Put the text of PARAMS into the input of the conversation of TURN.
What stands there already is kept above it."
  (when-let ((text (plist-get params :text))
             (window (display-buffer (dragoman--turn-buffer turn))))
    (let ((before (dragoman--input-text)))
      (dragoman--set-input (if (string-empty-p before) text (concat before "\n\n" text))))
    (set-window-point window (point-max))
    t))

(defun dragoman--show-clipboard (_turn params)
  "Copy the text of PARAMS."
  (when-let ((text (plist-get params :text)))
    (kill-new text)
    (message "The answer was copied")
    t))


;;;; What else can be looked at

(defun dragoman-log ()
  "Show the log of the server."
  (interactive)
  (dragoman--execute (dragoman--server) "dragoman.showLog" (make-hash-table :size 1)))

(defun dragoman-preview ()
  "Show the request for the input, and a command to send it.
Nothing is sent, and no secret is in it."
  (interactive)
  (with-current-buffer (dragoman--buffer)
    (let* ((server (dragoman--server))
           (agent (dragoman--need-agent server))
           (preview (dragoman--call server :dragoman/preview
                                    (dragoman--prompt-params server agent (dragoman--input-text)))))
      (when-let ((failure (plist-get preview :error)))
        (user-error "%s" (plist-get failure :message)))
      (dragoman--show-preview agent preview))))

(defun dragoman--show-preview (agent preview)
  "Show PREVIEW, a request to AGENT."
  (pop-to-buffer
   (dragoman--show-page
    "*dragoman preview*" (format "What would be sent to %s\n" agent)
    (plist-get preview :method) " " (plist-get preview :url) "\n"
    (cl-loop for (name value) on (plist-get preview :headers) by #'cddr
             concat (format "%s: %s\n" (substring (symbol-name name) 1) value))
    "\n" (plist-get preview :body) "\n\n"
    (propertize "The same for a shell\n\n" 'face 'dragoman-title)
    (plist-get preview :curl) "\n")))


;;;; Conversations that the server has kept

(defvar-local dragoman--query "" "What the conversations that are listed have in them.")
(defconst dragoman--most-conversations 200)

(defvar dragoman-conversations-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "RET") #'dragoman-open-conversation)
    (define-key map "s" #'dragoman-search-conversations)
    (define-key map "r" #'dragoman-rename-conversation)
    (define-key map "d" #'dragoman-delete-conversation)
    (define-key map "e" #'dragoman-export-conversation)
    map)
  "Keys in the list of conversations.")

(define-derived-mode dragoman-conversations-mode tabulated-list-mode "Conversations"
  "A list of the conversations that were kept, newest first.
\\{dragoman-conversations-mode-map}"
  (setq tabulated-list-format [("Asked last" 16 t) ("Turns" 5 nil :right-align t) ("Agent" 20 t) ("Conversation" 0 t)])
  (setq tabulated-list-padding 1)
  (tabulated-list-init-header)
  (add-hook 'tabulated-list-revert-hook #'dragoman--list-conversations nil t))

(defun dragoman-conversations (&optional query)
  "List the conversations that were kept; those with all words of QUERY in them.
With a prefix argument, ask for the words."
  (interactive (list (and current-prefix-arg (read-string "Conversations with these words: "))))
  (let ((root (dragoman--root)))
    (with-current-buffer (get-buffer-create "*dragoman conversations*")
      (setq default-directory root)
      (dragoman-conversations-mode)
      (setq dragoman--query (or query ""))
      (revert-buffer)
      (pop-to-buffer (current-buffer)))))

(defun dragoman--list-conversations ()
  "Get the list anew."
  (let ((found (dragoman--call (dragoman--server) :dragoman/conversations
                               (list :query dragoman--query :limit dragoman--most-conversations))))
    (setq mode-line-process (if (string-empty-p dragoman--query) nil (format " “%s”" dragoman--query)))
    (setq tabulated-list-entries
          (mapcar (lambda (item)
                    (list (plist-get item :conversationId)
                          (vector (format-time-string "%Y-%m-%d %H:%M" (date-to-time (plist-get item :updated)))
                                  (number-to-string (plist-get item :turns))
                                  (dragoman--one-line (plist-get item :agent))
                                  (dragoman--one-line (plist-get item :title)))))
                  (plist-get found :items)))))

(defun dragoman-search-conversations (words)
  "List the conversations with all WORDS in them, all where there are none."
  (interactive "sConversations with these words: ")
  (setq dragoman--query words)
  (revert-buffer))

(defun dragoman--listed ()
  "The conversation in this line."
  (or (tabulated-list-get-id) (user-error "There is no conversation in this line")))

(defun dragoman-rename-conversation (title)
  "Call the conversation in this line TITLE."
  (interactive (progn
                 (dragoman--listed)
                 (list (read-string "New title: " (aref (tabulated-list-get-entry) 3)))))
  (dragoman--call (dragoman--server) :dragoman/renameConversation
                  (list :conversationId (dragoman--listed) :title title))
  (revert-buffer))

(defun dragoman-delete-conversation ()
  "Delete the conversation in this line for good."
  (interactive)
  (let ((id (dragoman--listed)))
    (when (yes-or-no-p "Delete this conversation for good? ")
      (dragoman--call (dragoman--server) :dragoman/deleteConversation (list :conversationId id))
      (revert-buffer))))

(defun dragoman-export-conversation (format)
  "Write the conversation in this line to a file in FORMAT, and show it."
  (interactive (list (completing-read "Format: " '("markdown" "json") nil t nil nil "markdown")))
  (let ((file (dragoman--call (dragoman--server) :dragoman/exportConversation
                              (list :conversationId (dragoman--listed) :format format))))
    (find-file-other-window (dragoman--path (plist-get file :uri)))))

(defun dragoman-open-conversation ()
  "Show the conversation in this line; it can go on."
  (interactive)
  (let* ((id (dragoman--listed))
         (open (seq-find (lambda (buffer) (equal (buffer-local-value 'dragoman--conversation-id buffer) id))
                         (dragoman--buffers))))
    (pop-to-buffer (or open (dragoman--new-buffer default-directory)))
    (unless open
      (setq dragoman--conversation-id id)
      (dragoman--reload))))

(defun dragoman--reload ()
  "Show this conversation as the server has kept it."
  (dragoman--complain-if-running)
  (let* ((server (dragoman--server))
         (kept (dragoman--call server :dragoman/conversation (list :conversationId dragoman--conversation-id))))
    (dragoman--delete (point-min) dragoman--end)
    (setq dragoman--turns nil)
    (dolist (turn (dragoman--branch kept))
      (dragoman--replay server turn))
    (setq dragoman--after (plist-get kept :headTurnId))
    (goto-char (point-max))))

(defun dragoman--branch (kept)
  "The branch of the conversation KEPT with its newest answer, oldest first."
  (let ((wanted (plist-get kept :headTurnId)) branch)
    (dolist (turn (reverse (append (plist-get kept :turns) nil)))
      (when (equal (plist-get turn :turnId) wanted)
        (push turn branch)
        (setq wanted (plist-get turn :parentId))))
    branch))

(defun dragoman--replay (server kept)
  "Write KEPT, a turn that SERVER has in its history."
  (let* ((typed (plist-get kept :typed))
         (turn (dragoman--begin (plist-get kept :turnId) (plist-get kept :agent) server
                                (list :prompt (or typed (plist-get kept :prompt))
                                      :labels (and typed '("with context"))))))
    (when-let ((reasoning (plist-get kept :reasoning)))
      (dragoman--add-reasoning turn reasoning))
    (dragoman--add-text turn (plist-get kept :text))
    (dragoman--finish turn (list :stopReason (plist-get kept :stopReason)
                                 :sources (plist-get kept :sources)
                                 :usage (plist-get kept :usage)
                                 :error (plist-get kept :error)))))

(provide 'dragoman)
;; Local Variables:
;; outline-regexp: ";;;+ "
;; End:
;;; dragoman.el ends here
