      ******************************************************************
      * FNDENT: find the entries that carry a caller's reference.
      * COMMAREA of program FNDENT. The first match is shown.
      ******************************************************************
       01  FE-AREA.
           05  FE-REQUEST.
               10  FE-REFERENCE                PIC X(16).
           05  FE-REPLY.
               10  FE-STATUS                   PIC X(02).
                   88  FE-OK                   VALUE 'OK'.
                   88  FE-NOT-FOUND            VALUE 'NF'.
               10  FE-MATCHES                  PIC 9(04) COMP.
               10  FE-ENTRY-NUMBER             PIC 9(09) COMP.
               10  FE-ACCOUNT-NUMBER           PIC X(10).
               10  FE-DIRECTION                PIC X(01).
                   88  FE-DEBIT                VALUE 'D'.
                   88  FE-CREDIT               VALUE 'C'.
               10  FE-AMOUNT                   PIC S9(11)V99 COMP-3.
               10  FE-BALANCE                  PIC S9(13)V99 COMP-3.
               10  FE-REVERSED                 PIC X(01).
                   88  FE-IS-REVERSED          VALUE 'Y'.
                   88  FE-NOT-REVERSED         VALUE 'N'.
      *    Of a reversal: the reference of what it reverses.
               10  FE-REVERSES                 PIC X(16).
