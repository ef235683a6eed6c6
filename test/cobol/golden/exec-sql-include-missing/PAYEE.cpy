       01  PAYEE.
           05  PAYEE-NAME           PIC X(30).
           EXEC SQL INCLUDE PAYADDR END-EXEC.
           05  PAYEE-CHECK          PIC 9(4).
