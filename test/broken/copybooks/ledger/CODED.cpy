       01  CD-AREA.
           05  CD-STATUS           PIC X(02).
           05  CD-AMOUNT           PIC S9(05)V99.
           05  CD-KIND             PIC X(01).
           05  CD-ROWS             OCCURS 0 TO 4 TIMES
                                   DEPENDING ON CD-KIND
                                   PIC X(08).
