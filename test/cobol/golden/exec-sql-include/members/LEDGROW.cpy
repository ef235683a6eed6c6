           EXEC SQL DECLARE LEDGER TABLE
             ( POSTED DATE NOT NULL,
               AMOUNT DECIMAL(11, 2) NOT NULL,
               REMARK VARCHAR(40) )
           END-EXEC.
           05  POSTED               PIC X(10).
           05  AMOUNT               PIC S9(9)V9(2) USAGE COMP-3.
           05  REMARK.
               49  REMARK-LEN       PIC S9(4) USAGE COMP.
               49  REMARK-TEXT      PIC X(40).
