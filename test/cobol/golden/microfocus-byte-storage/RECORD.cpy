       01  STOCK.
           05  KIND                 PIC X.
           05  COUNTED              PIC S9(4) COMP SYNC.
           05  SHELF                PIC X.
           05  VALUED               PIC S9(9) COMP SYNC.
           05  PACKED               PIC S9(4) COMP-6.
           05  RAW                  PIC X(3) COMP-5.
