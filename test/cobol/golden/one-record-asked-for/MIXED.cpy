       01  BROKEN.
           05  RATE                 PIC 9(3)Q9.
       01  MISSING.
           COPY NOWHERE.
       01  BAD-NAME-.
           05  LOST                 PIC X(9).
       01  WANTED.
           05  AMOUNT               PIC S9(7)V99 COMP-3.
