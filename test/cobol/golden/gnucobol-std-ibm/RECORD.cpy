       01  STOCK.
           05  KIND                 PIC X.
           05  COUNTED              PIC S9(1) COMP SYNC.
           05  NATIVE-COUNT         PIC S9(1) COMP-5.
           05  VALUED               PIC S9(18) COMP SYNC.
           05  PACKED               PIC S9(4) COMP-6.
           05  RAW                  PIC X(3) COMP-5.
           05  WORDS                UNSIGNED-INT.
           05  PLACE                POINTER.
