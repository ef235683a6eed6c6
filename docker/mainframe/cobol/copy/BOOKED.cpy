      ******************************************************************
      * BOOKED: one entry as it is kept, without its 01. EN-BALANCE is
      * the account's balance right after it; EN-AMOUNT is unsigned.
      ******************************************************************
           05  EN-BY-ACCOUNT.
               10  EN-ACCOUNT          PIC X(10).
               10  EN-NUMBER           PIC 9(09) COMP.
           05  EN-REFERENCE            PIC X(16).
           05  EN-KIND                 PIC X(01).
               88  EN-POSTING          VALUE 'P'.
               88  EN-REVERSAL         VALUE 'R'.
           05  EN-DIRECTION            PIC X(01).
               88  EN-DEBIT            VALUE 'D'.
               88  EN-CREDIT           VALUE 'C'.
           05  EN-AMOUNT               PIC S9(11)V99 COMP-3.
           05  EN-BALANCE              PIC S9(13)V99 COMP-3.
           05  EN-BOOKED-ON            PIC 9(08).
           05  EN-BOOKED-AT            PIC 9(06).
           05  EN-REVERSED             PIC X(01).
               88  EN-IS-REVERSED      VALUE 'Y'.
               88  EN-NOT-REVERSED     VALUE 'N'.
           05  EN-TEXT                 PIC X(30).
      *    Of a reversal: the reference and number of what it reverses.
           05  EN-REVERSES             PIC X(16).
           05  EN-REVERSED-ENTRY       PIC 9(09) COMP.
