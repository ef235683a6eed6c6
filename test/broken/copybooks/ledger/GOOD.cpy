       01  GD-AREA.
           05  GD-REQUEST.
               10  GD-REFERENCE        PIC X(16).
               10  GD-SHORT            PIC X(08).
               10  GD-ACCOUNT          PIC X(10).
           05  GD-REPLY.
               10  GD-STATUS           PIC X(02).
                   88  GD-OK           VALUE 'OK'.
               10  GD-BALANCE          PIC S9(9)V99 COMP-3.
