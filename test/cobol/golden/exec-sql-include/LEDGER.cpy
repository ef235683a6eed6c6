      * A member of DCLGEN stands in the middle of a record.
       01  LEDGER-LINE.
           05  LINE-KIND            PIC X(2).
           EXEC SQL INCLUDE LEDGROW END-EXEC.
           05  LINE-CHECK           PIC 9(4).
       01  REPLY-AREA.
           EXEC SQL
               INCLUDE LEDGKEY
           END-EXEC.
