      ******************************************************************
      * POSTENT: post one entry, a debit or a credit, to an account.
      * COMMAREA of program POSTENT. PE-REFERENCE is the caller's own
      * and is kept with the entry.
      ******************************************************************
       01  PE-AREA.
           05  PE-REQUEST.
               10  PE-REFERENCE                PIC X(16).
               10  PE-ACCOUNT-NUMBER           PIC X(10).
               10  PE-DIRECTION                PIC X(01).
                   88  PE-DEBIT                VALUE 'D'.
                   88  PE-CREDIT               VALUE 'C'.
               10  PE-AMOUNT                   PIC S9(11)V99 COMP-3.
               10  PE-CURRENCY                 PIC X(03).
               10  PE-TEXT                     PIC X(30).
           05  PE-REPLY.
               10  PE-STATUS                   PIC X(02).
                   88  PE-OK                   VALUE 'OK'.
                   88  PE-NOT-FOUND            VALUE 'NF'.
                   88  PE-BLOCKED              VALUE 'BL'.
                   88  PE-INSUFFICIENT         VALUE 'IF'.
                   88  PE-WRONG-CURRENCY       VALUE 'CU'.
                   88  PE-INVALID              VALUE 'IV'.
                   88  PE-DUPLICATE            VALUE 'DU'.
               10  PE-ENTRY-NUMBER             PIC 9(09) COMP.
               10  PE-BALANCE                  PIC S9(13)V99 COMP-3.
