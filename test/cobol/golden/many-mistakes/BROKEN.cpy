       01  BROKEN-RECORD.
           05  B-FIRST               PIC X(10)
           05  B-PICTURE             PIC 9(3)Q9.
           05  B-CLAUSE              PICTUR X.
           05  B-VIEW                REDEFINES B-NOWHERE PIC X.
           05  B-TABLE               PIC X OCCURS 1 TO 5
                                     DEPENDING ON B-COUNT.
           05  B-PACKED              PIC X(4) COMP-3.
           05  B-DIGITS              PIC S9(40).
           05  B-TEXT                PIC X(5) VALUE 'ABC.
           05  B-TWICE               PIC 9(4) COMP COMP-3.
           55  B-LEVEL               PIC X.
           05  :TAG:-NAME            PIC X.
           05  B-COUNT               PIC 99.
           COPY MISSING.
           COPY WRONG REPLACING ==:T:== BY ==W==.
