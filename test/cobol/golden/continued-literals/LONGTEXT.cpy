       01  LONG-TEXT-REC.
           05  LONG-TEXT             PIC X(80) VALUE 'This literal goes
      -    'on in the next line, behind a hyphen and a quote'.
      * a comment may stand between
           05  A-NAME-THAT-IS-CUT-
      -    IN-TWO                    PIC X(3).
               88  LONG-ANSWER       VALUE 'YES' 'OUI'
                                           'JA ' X'404040'.
      D    05  ONLY-WHEN-DEBUGGING   PIC X.
