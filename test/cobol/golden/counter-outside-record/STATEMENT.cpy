       77  ROW-COUNT                PIC 9(4) COMP.
       01  PAGE-HEAD.
           05  PAGE-LINES           PIC 9(2).
       01  STATEMENT.
           05  ACCOUNT              PIC 9(8).
           05  ROWS                 OCCURS 0 TO 50 TIMES
                                    DEPENDING ON ROW-COUNT.
               10  AMOUNT           PIC S9(7)V99 COMP-3.
       01  PAGE-TEXT.
           05  LINES-OF-PAGE        PIC X(80) OCCURS 1 TO 60 TIMES
                                    DEPENDING ON PAGE-LINES.
           05  PAGE-FOOT            PIC X(8).
       01  DFHCOMMAREA.
           05  LINK-BYTE            PIC X OCCURS 1 TO 100 TIMES
                                    DEPENDING ON EIBCALEN.
