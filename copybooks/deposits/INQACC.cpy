      ******************************************************************
      * INQACC: inquire an account. COMMAREA of program INQACC.
      ******************************************************************
       01  INQACC-AREA.
           05  INQACC-REQUEST.
               10  INQACC-ACCOUNT-NUMBER       PIC X(10).
           05  INQACC-REPLY.
               10  INQACC-STATUS               PIC X(02).
                   88  INQACC-OK               VALUE 'OK'.
                   88  INQACC-NOT-FOUND        VALUE 'NF'.
               10  INQACC-CUSTOMER-NUMBER      PIC 9(08).
               10  INQACC-HOLDER               PIC X(30).
               10  INQACC-CURRENCY             PIC X(03).
               10  INQACC-STATE                PIC X(01).
                   88  INQACC-ACTIVE           VALUE 'A'.
                   88  INQACC-BLOCKED          VALUE 'B'.
                   88  INQACC-CLOSED           VALUE 'C'.
               10  INQACC-OPENED-ON            PIC 9(08).
               10  INQACC-BALANCE              PIC S9(13)V99 COMP-3.
               10  INQACC-ENTRY-COUNT          PIC 9(09) COMP.
               10  INQACC-PRODUCT              PIC X(01).
                   88  INQACC-CURRENT-ACCOUNT  VALUE 'C'.
                   88  INQACC-SAVINGS-ACCOUNT  VALUE 'S'.
               10  INQACC-TERMS                PIC X(20).
               10  INQACC-CURRENT-TERMS        REDEFINES INQACC-TERMS.
                   15  INQACC-OVERDRAFT-LIMIT  PIC S9(11)V99 COMP-3.
                   15  INQACC-OVERDRAFT-RATE   PIC S9(03)V9(04) COMP-3.
                   15  FILLER                  PIC X(09).
               10  INQACC-SAVINGS-TERMS        REDEFINES INQACC-TERMS.
                   15  INQACC-SAVINGS-RATE     PIC S9(03)V9(04) COMP-3.
                   15  INQACC-NOTICE-DAYS      PIC 9(03).
                   15  FILLER                  PIC X(13).
