       01  REC.
           05  A            PIC X(10).
           05  FILLER       PIC X(70).
