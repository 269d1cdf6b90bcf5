;;; dragoman-test.el --- What needs neither a server nor a screen  -*- lexical-binding: t; -*-

;;; Commentary:

;; Run by test_ert.py, one test of pytest for each of these; or all at once:
;;
;;   emacs --batch -q -f package-initialize -l dragoman.el -l dragoman-test.el -f ert-run-tests-batch-and-exit

;;; Code:

(require 'ert)
(require 'dragoman)

(defun dragoman-test--play (events &rest result)
  "The transcript of a turn of EVENTS that ends with RESULT."
  (let ((buffer (dragoman--new-buffer default-directory)) (seq -1))
    (unwind-protect
        (with-current-buffer buffer
          (let ((turn (dragoman--begin "t" "Bot" nil)))
            (dolist (event events)
              (dragoman--take turn (append event (list :seq (cl-incf seq)))))
            (dragoman--finish turn (append result '(:stopReason "completed" :textLength 0)))
            (dragoman--finish turn '(:stopReason "cancelled"))) ; a second end changes nothing
          (string-remove-prefix "Bot\n" (buffer-substring-no-properties (point-min) dragoman--end)))
      (kill-buffer buffer))))

(defun dragoman-test--text (delta)
  "An event with DELTA of the text."
  (list :kind "text" :delta delta))

(defmacro dragoman-test--in-answer (text &rest body)
  "Do BODY in a chat with an answer of TEXT."
  (declare (indent 1))
  `(with-current-buffer (dragoman--new-buffer default-directory)
     (unwind-protect
         (let ((turn (dragoman--begin "t" "Bot" nil)))
           (dragoman--take turn (list :kind "text" :delta ,text))
           (dragoman--finish turn (list :stopReason "completed" :textLength (dragoman--utf16-length ,text)))
           ,@body)
       (kill-buffer))))

(ert-deftest dragoman-test-lengths-are-counted-in-utf-16 ()
  (should (equal (dragoman-test--play (list (dragoman-test--text "ä😀\r\n")) :textLength 5) "ä😀\n")))

(ert-deftest dragoman-test-text-that-got-lost-is-told ()
  (should (string-match-p "\\`a\n\n⚠ A part of this answer has not arrived here\\.\n▹ Show all of it\n\\'"
                          (dragoman-test--play (list (dragoman-test--text "a")) :textLength 3))))

(ert-deftest dragoman-test-a-gap-is-told ()
  (should (string-match-p "has not arrived"
                          (dragoman-test--play (list (dragoman-test--text "a") (append '(:seq 5) (dragoman-test--text "b")))
                                               :textLength 2))))

(ert-deftest dragoman-test-an-event-counts-once ()
  (should (equal (dragoman-test--play (list (dragoman-test--text "a") (append '(:seq 0) (dragoman-test--text "a")))
                                      :textLength 1)
                 "a\n")))

(ert-deftest dragoman-test-the-text-can-be-replaced ()
  (should (equal (dragoman-test--play (list (dragoman-test--text "```\none\r") '(:kind "replaceText" :text "two\nlines")
                                            (dragoman-test--text "!"))
                                      :textLength 10)
                 "two\nlines!\n")))

(ert-deftest dragoman-test-late-reasoning-stands-before-the-text ()
  (should (equal (dragoman-test--play (list (dragoman-test--text "yes") '(:kind "reasoning" :delta "so\nwhat")
                                            (dragoman-test--text "!"))
                                      :textLength 4)
                 "▸ Thought for 0 s\nso\nwhat\n\nyes!\n")))

(ert-deftest dragoman-test-notices-and-endings-are-one-line-each ()
  (should (equal (dragoman-test--play '((:kind "notice" :level "warning" :message "mind\nthe gap"))
                                      :stopReason "max_tokens")
                 (concat "\n⚠ mind the gap\n"
                         "⚠ The answer ends here because the agent has reached its limit of tokens.\n"))))

(ert-deftest dragoman-test-unknown-kinds-are-let-pass ()
  (should (equal (dragoman-test--play (list '(:kind "hologram" :delta 1) (dragoman-test--text "a")) :textLength 1)
                 "a\n")))

(ert-deftest dragoman-test-what-a-turn-took-stands-behind-its-heading ()
  (should (string-prefix-p "Bot  · 2.1 s · 15 tokens · 0.001289 USD\n"
                           (dragoman-test--play nil :timings '(:firstByteMs 2100)
                                                :usage '(:total 15 :cost 0.001289 :currency "USD"))))
  (should (equal (dragoman--usage '(:cost 2.0)) '("cost 2")))
  (should-not (dragoman--usage '(:input 1))))

(ert-deftest dragoman-test-a-block-is-found-however-it-is-cut ()
  (let ((text "a\n~~~ Python x\nif 1:\n  pass\n```\n~~~\nb"))
    (dotimes (cut (length text))
      (with-current-buffer (dragoman--new-buffer default-directory)
        (unwind-protect
            (let ((turn (dragoman--begin "t" "Bot" nil)))
              (dragoman--add-text turn (substring text 0 cut))
              (dragoman--add-text turn (substring text cut))
              (dragoman--finish turn '(:stopReason "completed"))
              (goto-char (point-min))
              (search-forward "if 1")
              (should (equal (plist-get (dragoman--block) :language) "python"))
              (should (equal (dragoman--code (dragoman--block)) "if 1:\n  pass\n```\n"))
              (should (equal (filter-buffer-substring (dragoman--turn-text turn) (dragoman--turn-end turn)) text)))
          (kill-buffer))))))

(ert-deftest dragoman-test-a-block-without-an-end-is-one-too ()
  (dragoman-test--in-answer "```\nx"
    (search-backward "x")
    (should (equal (dragoman--code (dragoman--block)) "x"))))

;; Answers, and the code of the first block in them.
(defconst dragoman-test--blocks
  '(("1. do\n   ```{.sh} x\n   ls\n     -l\n   ```\n" . "ls\n  -l\n") ; in a list
    ("~~~ a`b\nx\n~~~\n" . "x\n")
    ("````\n```\n````\n" . "```\n")
    ("```diff\n a\n ```\n+b\n```\n" . " a\n ```\n+b\n") ; a line of the file
    ("```\na\n\n" . "a\n\n")                               ; never closed
    ("```\n```\n```\nx\n```" . "")))

(ert-deftest dragoman-test-blocks-as-agents-write-them ()
  (pcase-dolist (`(,answer . ,code) dragoman-test--blocks)
    (dragoman-test--in-answer answer
      (goto-char (point-min))
      (text-property-search-forward 'dragoman-block)
      (goto-char (1- (point)))
      (should (equal (dragoman--code (dragoman--block)) code)))))

(ert-deftest dragoman-test-half-closed-fences-swallow-nothing ()
  (dragoman-test--in-answer "```py\nx\n```y\n~~~\nz"
    (should (string-suffix-p "x\n```y\n~~~\nz\n" (buffer-substring-no-properties (point-min) dragoman--end)))
    (goto-char dragoman--end)
    (search-backward "z")
    (should (equal (dragoman--code (dragoman--block)) "x\n```y\n~~~\nz"))))

(ert-deftest dragoman-test-escape-sequences-are-text ()
  (let ((text "\e[31mred\e]0;title\a\e[2J\u202Eevil \u2066x"))
    (dragoman-test--in-answer text
      (goto-char (point-min))
      (should (search-forward text dragoman--end t))
      (should-not (text-property-not-all (match-beginning 0) (match-end 0) 'face nil)))))

(ert-deftest dragoman-test-agents-cannot-name-modes ()
  (let ((run nil))
    (cl-letf (((symbol-function 'desktop-save-mode) (lambda (&rest _) (setq run t))))
      (dragoman-test--in-answer "```desktop-save\nx\n```\n"
        (should-not run)))))

(ert-deftest dragoman-test-only-web-addresses-are-links ()
  (dragoman-test--in-answer "[a](javascript:alert(1)) file:///etc/passwd [b](https://x.example/b_(c)) <script>"
    (goto-char (point-min))
    (let (links)
      (while (ignore-errors (forward-button 1))
        (push (button-label (button-at (point))) links))
      (should (equal links '("https://x.example/b_"))))))

(ert-deftest dragoman-test-a-line-of-a-megabyte ()
  (let ((line (make-string 1000000 ?x)))
    (dragoman-test--in-answer (concat "```\n" line "\n```\n")
      (goto-char dragoman--end)
      (search-backward "xx")
      (should (equal (length (dragoman--code (dragoman--block))) 1000001)))))

(ert-deftest dragoman-test-characters-that-turn-text-around-are-visible ()
  (with-current-buffer (dragoman--new-buffer default-directory)
    (should (eq (aref glyphless-char-display #x202e) 'hex-code))
    (kill-buffer)))

(ert-deftest dragoman-test-what-can-be-undone-moves-with-the-transcript ()
  (with-current-buffer (dragoman--new-buffer default-directory)
    (buffer-enable-undo)
    (let ((turn (dragoman--begin "t" "Bot" nil)))
      (goto-char (point-max))
      (insert "hello world")
      (undo-boundary)
      (dragoman--add-text turn "some text\n")
      (delete-char -5)
      (undo-boundary)
      (dragoman--replace-text turn "x")
      (undo-start)
      (undo-more 1) ; the boundary
      (undo-more 1)
      (should (equal (dragoman--input-text) "hello world"))
      (undo-more 1)
      (should (equal (dragoman--input-text) ""))
      (dragoman--finish turn '(:stopReason "completed" :textLength 1)))
    (kill-buffer)))

(ert-deftest dragoman-test-positions-are-counted-in-utf-16 ()
  (with-temp-buffer
    (insert "ä\n😀é x")
    (should (equal (dragoman--position (- (point) 1)) '(:line 1 :character 4)))
    (dragoman--goto '(:line 1 :character 3))
    (should (looking-at-p " x"))))

(ert-deftest dragoman-test-edits-are-made-as-the-protocol-means-them ()
  (cl-flet ((edit (line start end text)
              `(:range (:start (:line ,line :character ,start) :end (:line ,line :character ,end)) :newText ,text)))
    (with-temp-buffer
      (buffer-enable-undo)
      (insert "ä\n😀b\n")
      (goto-char (point-min))
      (undo-boundary)
      (dragoman--edit (vector (edit 1 0 2 "x") (edit 1 3 3 "1") (edit 1 3 3 "2") (edit 0 0 1 "")))
      (should (equal (buffer-string) "\nxb12\n"))
      (dragoman--edit (vector (edit 1 4 4 "3"))) ; goes on, so it is undone together
      (should (equal (buffer-string) "\nxb123\n"))
      (undo)
      (should (equal (buffer-string) "ä\n😀b\n")))))

(ert-deftest dragoman-test-what-somebody-typed-is-undone-by-itself ()
  (with-temp-buffer
    (buffer-enable-undo)
    (let ((edit (lambda (text)
                  (dragoman--edit `[(:range (:start (:line 0 :character 0) :end (:line 0 :character 0))
                                     :newText ,text)]))))
      (funcall edit "one ")
      (insert "typed ")
      (funcall edit "two ")
      (should (equal (buffer-string) "two typed one "))
      (undo)
      (should (equal (buffer-string) "typed one ")))))

(ert-deftest dragoman-test-the-branch-of-the-newest-turn ()
  (should (equal (mapcar (lambda (turn) (plist-get turn :turnId))
                         (dragoman--branch '(:headTurnId "d" :turns [(:turnId "a") (:turnId "b" :parentId "a")
                                                                     (:turnId "c" :parentId "a")
                                                                     (:turnId "d" :parentId "c")])))
                 '("a" "c" "d"))))

(ert-deftest dragoman-test-an-answer-is-shown-where-the-server-says ()
  (dragoman-test--in-answer "x"
    (let ((show (lambda (surface &rest content)
                  (dragoman--show (append (list :surface surface :turnId "t") content)))))
      (should (equal (window-buffer (funcall show "chatPanel" :agent "Bot")) (current-buffer)))
      (delete-windows-on)
      (should (eq (window-parameter (funcall show "rightPanel") 'window-side) 'right))
      (delete-windows-on)
      (should (eq (window-parameter (funcall show "runPanel") 'window-side) 'bottom))
      (should (funcall show "input" :text "one"))
      (should (funcall show "input" :text "two"))
      (should (equal (dragoman--input-text) "one\n\ntwo"))
      (should (funcall show "clipboard" :text "copied"))
      (should (equal (car kill-ring) "copied"))
      (should-not (funcall show "hologram"))
      (should-not (dragoman--show '(:surface "chatPanel" :turnId "unknown"))))))

(provide 'dragoman-test)
;;; dragoman-test.el ends here
