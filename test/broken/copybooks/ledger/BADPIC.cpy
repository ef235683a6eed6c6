       01  BP-AREA.
           05  BP-STATUS               PIC X(02).
           05  BP-RATE                 PIC 9(3)Q9.
           05  BP-COUNT                PIC 9(4) COMP
           05  BP-ROWS OCCURS 1 TO 5 DEPENDING ON BP-COUMT PIC X.
