      ******************************************************************
      * ACCOUNT: one account as it is kept, without its 01.
      ******************************************************************
           05  AC-NUMBER               PIC X(10).
           05  AC-CUSTOMER-NUMBER      PIC 9(08).
           05  AC-CURRENCY             PIC X(03).
           05  AC-STATE                PIC X(01).
               88  AC-ACTIVE           VALUE 'A'.
               88  AC-BLOCKED          VALUE 'B'.
               88  AC-CLOSED           VALUE 'C'.
           05  AC-OPENED-ON            PIC 9(08).
           05  AC-BALANCE              PIC S9(13)V99 COMP-3.
           05  AC-ENTRY-COUNT          PIC 9(09) COMP.
           05  AC-PRODUCT              PIC X(01).
               88  AC-CURRENT-ACCOUNT  VALUE 'C'.
               88  AC-SAVINGS-ACCOUNT  VALUE 'S'.
           05  AC-TERMS                PIC X(20).
           05  AC-CURRENT-TERMS        REDEFINES AC-TERMS.
               10  AC-OVERDRAFT-LIMIT  PIC S9(11)V99 COMP-3.
               10  AC-OVERDRAFT-RATE   PIC S9(03)V9(04) COMP-3.
               10  FILLER              PIC X(09).
           05  AC-SAVINGS-TERMS        REDEFINES AC-TERMS.
               10  AC-SAVINGS-RATE     PIC S9(03)V9(04) COMP-3.
               10  AC-NOTICE-DAYS      PIC 9(03).
               10  FILLER              PIC X(13).
