       01  COMP-TABLE.
           05  CODE-1                PIC X.
           05  PAY-TABLE             OCCURS 10 TIMES.
               10  TYPE-1            PIC X.
               10  PAY               PIC S9(4)V99 COMP SYNC.
               10  HOURS             PIC S9(3) COMP SYNC.
               10  NAME-1            PIC X(5).
           05  BIG                   PIC S9(18) COMP SYNC.
           05  LONG-FLOAT            COMP-2 SYNC.
