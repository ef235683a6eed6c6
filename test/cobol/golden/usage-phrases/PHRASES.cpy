       01  PHRASES.
           05  PLAN_NAME            PIC X(8).
           05  STATUS_              PIC X.
           05  COUNTED              PIC S9(4) COMP NATIVE.
           05  PACKED               PIC S9(7) COMP-3 NATIVE.
           05  SHOWN                PIC X(3) USAGE IS DISPLAY NATIVE.
           05  NATIONAL             PIC N(2).
           05  SIGN LEADING SEPARATE PIC S9(2).
           05  COMPUTATIONAL-5      PIC S9(4).
           05  TITLED               PIC X(8) VALUE 'ABC'-
                                    'DEF'.
           05  PLACED               PIC 9(4) OCCURS 3 TIMES
                                    INDEXED BY FIRST-AT
                                    COMPUTATIONAL-5.
